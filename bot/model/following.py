"""What matches in the feeds of one chat and comes to another place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Follow:
    """A follow whose matches go to a place of their own: another chat, a topic, or, of a group's feeds, a member's
    private chat. (Those that come where their feed's alerts come are `Chat.follows`.)"""

    chat_id: int
    """Where it was made, is listed, and can be taken back."""
    name: str
    """Of all follows of that chat no other has it."""
    filter: str
    over_id: int
    """The chat whose feeds it watches."""
    to_id: int
    """The chat that its matches go to. One of the two is `chat_id`, or both."""
    thread_id: int | None
    """The forum topic there; None outside topics."""
    user_id: int
    """Who made it, and must go on having the right to."""
    lapsed: str = ""
    """Why that right ended, as a key of the catalogue; "" if it did not. What it finds then waits until the follow is
    made anew; a group that its maker left is not watched any more."""
    other: str = ""
    """The title of the chat beside `chat_id`; "" if there is none. Known of those that were read."""
    id: int = 0
    """0 until it is kept."""

    @property
    def is_personal(self) -> bool:
        """It brings a member what a group's feeds have."""
        return self.over_id != self.chat_id
