"""How kinds and actions are declared, and the texts, forms and schemas that are derived from them."""
