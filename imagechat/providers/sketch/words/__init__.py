"""Words: a prompt becomes a Spec, and what became of each word is told."""
