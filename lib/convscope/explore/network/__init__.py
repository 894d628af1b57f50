"""A whole network at work: a digit is drawn, and every unit of every layer can be followed down to its pixels."""
