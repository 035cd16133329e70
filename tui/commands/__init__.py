"""The commands of `andon`, one module each: `arguments(parser)` declares what it takes, `run(found)` does it."""
