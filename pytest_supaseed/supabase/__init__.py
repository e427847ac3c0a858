"""What only Supabase projects need: nothing else of the package needs it."""
