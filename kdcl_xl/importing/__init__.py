"""Read a plan written in Word into a draft in the locked template, for a person to go through."""
