"""A simulated Telegram for one machine: the Bot API's server side, with a way to play the people.

Nothing here imports another room of the bot: this is Telegram's side, and it speaks HTTP.
"""
