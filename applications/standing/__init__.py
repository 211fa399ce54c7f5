"""Advanced standing: a written request for credits for courses passed elsewhere, and what the Faculty Board
decided on each course (HKU-AS1 to HKU-AS4). It never affects admission (AMB-16).

May know submission and what stands below it; offers and decisions do not know it.
"""
