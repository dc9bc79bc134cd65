"""What a certificate says, how it is numbered, signed, drawn and checked, also with no network."""
