"""What holds Talad together: settings, the `talad` command, logging, the processes and the demo shop."""
