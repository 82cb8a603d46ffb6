"""The conversation component: its Python, HTML, CSS and script side by side."""
