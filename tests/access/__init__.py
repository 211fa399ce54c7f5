"""Who may open what: every address of the portal × every kind of visitor × somebody's own things."""
