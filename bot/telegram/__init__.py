"""Telegram's side: alerts out (`render`, `messenger`), conversation in (`updates`, `commands`)."""
