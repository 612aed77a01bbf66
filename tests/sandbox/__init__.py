"""The simulated Telegram, held to Telegram's own words and rules."""
