"""The audit chain: what was changed, by whom, in the same transaction as the change."""
