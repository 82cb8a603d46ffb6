"""What people have built: cities, villages, houses."""
