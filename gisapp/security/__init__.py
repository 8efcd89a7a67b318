"""Who may do what: permissions, sign-in, sessions, second factor, tokens, headers."""
