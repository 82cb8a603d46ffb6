"""Every bad day a provider can have, in words and in pictures, seen from the studio: what is told, kept, and asked twice."""
