"""The threads component: its Python, HTML, CSS and script side by side."""
