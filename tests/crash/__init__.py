"""The crash test: the bot is killed again and again, on a bad line, and must lose nothing. `python -m tests.crash`."""
