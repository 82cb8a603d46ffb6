"""Colours and type for Gradio's parts, from the same palette as our own components' (see page.css)."""

import gradio as gr

SYSTEM_FONTS = ("ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Vazirmatn", "DejaVu Sans", "sans-serif")
MONOSPACE = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "DejaVu Sans Mono", "monospace")
PALETTE = {
    # name: (light, dark); the text colours reach 4.5:1 on the backgrounds they stand on (WCAG 2.2, 1.4.3).
    "background_fill_primary": ("#ffffff", "#1c1e21"),
    "background_fill_secondary": ("#f7f7f5", "#141517"),
    "body_background_fill": ("#f7f7f5", "#141517"),
    "body_text_color": ("#1c1d1f", "#ecebe7"),
    "body_text_color_subdued": ("#5b5e64", "#a9acb2"),
    "block_background_fill": ("transparent", "transparent"),
    "block_border_color": ("#e4e4df", "#303338"),
    "block_label_text_color": ("#5b5e64", "#a9acb2"),
    "block_title_text_color": ("#5b5e64", "#a9acb2"),
    "block_info_text_color": ("#5b5e64", "#a9acb2"),
    "border_color_primary": ("#e4e4df", "#303338"),
    "border_color_accent": ("#b4471f", "#f0895a"),
    "color_accent_soft": ("#f0eee9", "#25282c"),
    "input_background_fill": ("#ffffff", "#1c1e21"),
    "input_background_fill_focus": ("#ffffff", "#1c1e21"),
    "input_border_color": ("#e4e4df", "#303338"),
    "input_border_color_focus": ("#b4471f", "#f0895a"),
    "input_placeholder_color": ("#6a6d73", "#989ba1"),
    "button_primary_background_fill": ("#b4471f", "#f0895a"),
    "button_primary_background_fill_hover": ("#9a3c19", "#f59c73"),
    "button_primary_text_color": ("#ffffff", "#1c1d1f"),
    "button_secondary_background_fill": ("#ffffff", "#1c1e21"),
    "button_secondary_background_fill_hover": ("#f0eee9", "#25282c"),
    "button_secondary_text_color": ("#1c1d1f", "#ecebe7"),
    "button_secondary_border_color": ("#e4e4df", "#303338"),
    "checkbox_label_background_fill": ("#ffffff", "#1c1e21"),
    "checkbox_label_background_fill_selected": ("#f0eee9", "#25282c"),
    "checkbox_background_color_selected": ("#b4471f", "#f0895a"),
    "link_text_color": ("#9a3c19", "#f0895a"),
}


def theme() -> gr.themes.Base:
    """The theme, light and dark."""
    chosen = gr.themes.Base(font=list(SYSTEM_FONTS), font_mono=list(MONOSPACE), radius_size="md", text_size="md")
    colours = {name: light for name, (light, _) in PALETTE.items()} | {f"{name}_dark": dark for name, (_, dark) in PALETTE.items()}
    return chosen.set(**colours, block_border_width="0px", block_shadow="none", input_shadow="none", block_padding="0px", layout_gap="8px")
