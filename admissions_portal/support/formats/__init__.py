"""How Django itself writes dates where no filter of ours is used, above all in the admin."""
