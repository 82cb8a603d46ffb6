"""Guide: a scripted text model. It explains ImageChat, words prompts from wishes, and says where its script ends; no AI."""

from imagechat.providers.guide.model import CARD, Guide

__all__ = ["CARD", "Guide"]
