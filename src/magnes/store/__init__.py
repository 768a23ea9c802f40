"""What people typed, kept on this computer. Every query has a scope: a practice, a user, a role."""
