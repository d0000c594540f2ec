"""What things are: frozen values without behaviour that needs the outside world."""
