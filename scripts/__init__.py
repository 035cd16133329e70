"""Administration commands, one small module each, beside the shell scripts of the checkout."""
