-- Stands in for plv8: functions in JavaScript can be made. Called, they fail, for PL/pgSQL is what reads them.
CREATE TRUSTED LANGUAGE plv8 HANDLER plpgsql_call_handler;
