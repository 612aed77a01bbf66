"""All of one simulated Telegram: its world, the log of calls, and the faults still to come."""

from collections import deque
from dataclasses import dataclass, field

from bot.sandbox.defaults import TOKEN, default_bot, settle
from bot.sandbox.faults import Faults
from bot.sandbox.shapes import Json
from bot.sandbox.world import World

MOST_CALLS = 50_000  # remembered; the oldest go first


@dataclass(slots=True)
class Simulation:
    """What the Bot API's side and the control side share."""

    world: World
    token: str = TOKEN
    faults: Faults = field(default_factory=lambda: Faults([]))
    calls: deque[Json] = field(default_factory=lambda: deque(maxlen=MOST_CALLS))

    def reset(self) -> None:
        """The default world again; the limits are off, nothing is remembered."""
        with self.world.events.quiet():
            settle(self.world)
        self.faults.waiting.clear()
        self.calls.clear()
        self.world.events.tell("reset", {})


def fresh_simulation() -> Simulation:
    """A simulation in its default world."""
    simulation = Simulation(World(default_bot()))
    settle(simulation.world)
    return simulation
