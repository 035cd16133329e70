"""The server that gives entries their order, and its worker."""
