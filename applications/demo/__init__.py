"""Fictional people who play every act of the house, and the button that moves the demo's clock. Over
everything."""
