"""What becomes of words before a model gets them: styles now, commands and enhancement beside them later."""
