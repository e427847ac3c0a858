"""What only Supabase projects need."""
