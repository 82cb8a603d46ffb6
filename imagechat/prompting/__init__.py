"""From wishes to words for models: styles, commands and their completion, what fits a context, what models are told in our name."""
