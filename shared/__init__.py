"""What every side of Andon agrees on: the log, trust, actions, fold, store and terminal."""
