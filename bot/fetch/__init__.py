"""One GET, politely and safely, and the reading of what came."""
