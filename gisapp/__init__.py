"""The application: HTTP, sessions, configuration, jobs, command line, the private database cluster."""
