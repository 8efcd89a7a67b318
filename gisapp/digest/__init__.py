"""The weekly digest as letters: made once a week, spooled as files, sent where there is SMTP."""
