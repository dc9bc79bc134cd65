"""The public pages behind the QR code: anonymous, rate-limited, readable at arm's length."""
