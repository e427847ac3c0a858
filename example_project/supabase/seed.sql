-- What the application cannot do without.
INSERT INTO public.plans (name, most_setups) VALUES ('free', 3), ('club', 100);
