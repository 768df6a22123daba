"""Backups of a warehouse: written whole or not at all, restored only where every byte is as it was."""
