"""The page's own look: calm ink and teal, system fonts, light and dark; sizes that large type can raise."""

from __future__ import annotations

import gradio as gr
from gradio.themes.utils import colors, sizes

INK = colors.Color(
    name="ink",
    c50="#f6f8f9",
    c100="#edf1f3",
    c200="#dde4e8",
    c300="#c3ced5",
    c400="#8b9ba6",
    c500="#5f707c",
    c600="#485763",
    c700="#33404a",
    c800="#1f2930",
    c900="#151c22",
    c950="#0e1418",
)
TEAL = colors.Color(
    name="lagoon",
    c50="#effaf9",
    c100="#d6f1ee",
    c200="#aee2dd",
    c300="#7ccdc7",
    c400="#46b1ab",
    c500="#25958f",
    c600="#127772",
    c700="#0e605d",
    c800="#104d4b",
    c900="#11403f",
    c950="#042626",
)
TYPE = sizes.Size(name="fovea", xxs="11px", xs="12px", sm="13px", md="15px", lg="17px", xl="22px", xxl="27px")
SYSTEM = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"]


class Fovea(gr.themes.Base):
    """Flat surfaces, thin lines, one accent."""

    def __init__(self) -> None:
        super().__init__(
            primary_hue=TEAL,
            secondary_hue=TEAL,
            neutral_hue=INK,
            text_size=TYPE,
            spacing_size=sizes.spacing_md,
            radius_size=sizes.radius_lg,
            font=SYSTEM,
            font_mono=["ui-monospace", "SF Mono", "Consolas", "monospace"],
        )
        self.name = "fovea"
        self.set(
            body_background_fill="*neutral_50",
            body_background_fill_dark="*neutral_950",
            body_text_color="*neutral_800",
            body_text_color_dark="#e6ecef",
            body_text_color_subdued="*neutral_600",
            body_text_color_subdued_dark="#a3b1bb",
            background_fill_primary="#ffffff",
            background_fill_primary_dark="*neutral_900",
            background_fill_secondary="*neutral_100",
            background_fill_secondary_dark="*neutral_800",
            border_color_primary="*neutral_200",
            border_color_primary_dark="#2c3841",
            block_background_fill="#ffffff",
            block_background_fill_dark="*neutral_900",
            block_border_width="1px",
            block_shadow="none",
            block_label_text_color="*neutral_600",
            block_label_text_color_dark="#a3b1bb",
            block_title_text_color="*neutral_700",
            block_title_text_color_dark="#cdd7dd",
            block_title_text_size="*text_sm",
            block_title_text_weight="600",
            block_info_text_color="*neutral_600",
            block_info_text_color_dark="#a3b1bb",
            input_background_fill="#ffffff",
            input_background_fill_dark="*neutral_950",
            input_border_color="*neutral_300",
            input_border_color_dark="#3b4953",
            input_border_width="1px",
            input_placeholder_color="*neutral_500",
            button_primary_background_fill="*primary_600",
            button_primary_background_fill_hover="*primary_700",
            button_primary_background_fill_dark="*primary_600",
            button_primary_background_fill_hover_dark="*primary_500",
            button_primary_text_color="#ffffff",
            button_secondary_background_fill="#ffffff",
            button_secondary_background_fill_hover="*neutral_100",
            button_secondary_background_fill_dark="*neutral_800",
            button_secondary_background_fill_hover_dark="*neutral_700",
            button_secondary_border_color="*neutral_300",
            button_secondary_border_color_dark="#3b4953",
            button_border_width="1px",
            button_primary_shadow="none",
            button_secondary_shadow="none",
            color_accent="*primary_600",
            color_accent_soft="*primary_50",
            color_accent_soft_dark="*primary_900",
            border_color_accent="*primary_600",
            border_color_accent_dark="*primary_400",
            link_text_color="*primary_700",
            link_text_color_dark="*primary_300",
            link_text_color_hover_dark="*primary_200",
            slider_color="*primary_600",
            slider_color_dark="*primary_400",
            checkbox_label_background_fill="#ffffff",
            checkbox_label_background_fill_dark="*neutral_800",
            checkbox_label_background_fill_selected="*primary_50",
            checkbox_label_background_fill_selected_dark="*primary_900",
            checkbox_label_border_color_selected="*primary_600",
            checkbox_label_border_color_selected_dark="*primary_400",
            checkbox_background_color_selected="*primary_600",
            checkbox_background_color_selected_dark="*primary_500",
        )
