"""Blocks every content type builds its body from: one file a family, one template a block (templates/blocks/)."""
