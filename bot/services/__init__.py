"""One step of each story: polling, delivery, subscriptions, housekeeping. They meet in the store only."""
