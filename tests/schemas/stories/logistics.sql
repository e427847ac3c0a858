-- A carrier: depots, vehicles, drivers, customers, consignments, their legs, stops, scans, invoices and incidents.
CREATE TABLE depots (
    id bigserial PRIMARY KEY,
    code varchar(8) NOT NULL UNIQUE,
    name varchar(80) NOT NULL,
    city varchar(80) NOT NULL,
    country_code char(2) NOT NULL,
    latitude numeric(9, 6) NOT NULL,
    longitude numeric(9, 6) NOT NULL,
    opening_hours jsonb NOT NULL,
    opened_on date NOT NULL,
    closed_on date
);
CREATE TABLE vehicles (
    id bigserial PRIMARY KEY,
    depot_id bigint NOT NULL REFERENCES depots,
    vin char(17) NOT NULL UNIQUE,
    license_plate varchar(12) NOT NULL UNIQUE,
    make varchar(40) NOT NULL,
    model varchar(40) NOT NULL,
    model_year smallint NOT NULL,
    payload_kg int NOT NULL,
    odometer_km int NOT NULL,
    fuel_type varchar(10) NOT NULL CHECK (fuel_type IN ('diesel', 'petrol', 'electric', 'hybrid')),
    status varchar(12) NOT NULL CHECK (status IN ('available', 'on_route', 'maintenance', 'retired')),
    acquired_on date NOT NULL,
    retired_on date
);
CREATE TABLE drivers (
    id bigserial PRIMARY KEY,
    depot_id bigint NOT NULL REFERENCES depots,
    name varchar(100) NOT NULL,
    phone varchar(30) NOT NULL,
    license_number varchar(30) NOT NULL UNIQUE,
    license_expires_on date NOT NULL,
    employed boolean NOT NULL,
    hired_on date NOT NULL,
    left_on date,
    trips_count int NOT NULL
);
CREATE TABLE shippers (
    id bigserial PRIMARY KEY,
    company_name varchar(120) NOT NULL,
    vat_number varchar(20) NOT NULL,
    contact_name varchar(100) NOT NULL,
    contact_email varchar(120) NOT NULL,
    currency char(3) NOT NULL,
    credit_limit numeric(12, 2) NOT NULL,
    outstanding_balance numeric(12, 2) NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE consignments (
    id bigserial PRIMARY KEY,
    shipper_id bigint NOT NULL REFERENCES shippers,
    origin_depot_id bigint NOT NULL REFERENCES depots,
    destination_depot_id bigint NOT NULL REFERENCES depots,
    reference varchar(20) NOT NULL UNIQUE,
    state varchar(20) NOT NULL CHECK (state IN ('booked', 'collected', 'in_transit', 'out_for_delivery', 'delivered', 'lost', 'cancelled')),
    parcels_count int NOT NULL,
    total_weight_kg numeric(9, 2) NOT NULL,
    booked_at timestamptz NOT NULL,
    collected_at timestamptz,
    delivered_at timestamptz,
    signed_by varchar(100),
    cancelled_at timestamptz,
    CHECK (origin_depot_id <> destination_depot_id)
);
CREATE TABLE parcels (
    id bigserial PRIMARY KEY,
    consignment_id bigint NOT NULL REFERENCES consignments,
    barcode varchar(30) NOT NULL UNIQUE,
    length_cm int NOT NULL,
    width_cm int NOT NULL,
    height_cm int NOT NULL,
    weight_kg numeric(7, 2) NOT NULL,
    volume_cm3 int NOT NULL,
    declared_value numeric(10, 2),
    is_fragile boolean NOT NULL
);
CREATE TABLE trips (
    id bigserial PRIMARY KEY,
    depot_id bigint NOT NULL REFERENCES depots,
    vehicle_id bigint NOT NULL REFERENCES vehicles,
    driver_id bigint NOT NULL REFERENCES drivers,
    status varchar(12) NOT NULL CHECK (status IN ('planned', 'started', 'finished', 'aborted')),
    planned_departure timestamptz NOT NULL,
    planned_arrival timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    abort_reason varchar(200),
    distance_km numeric(7, 1) NOT NULL,
    stops_count int NOT NULL,
    during tstzrange NOT NULL
);
CREATE TABLE trip_stops (
    id bigserial PRIMARY KEY,
    trip_id bigint NOT NULL REFERENCES trips,
    consignment_id bigint NOT NULL REFERENCES consignments,
    position int NOT NULL,
    arrived_at timestamptz,
    departed_at timestamptz,
    dwell_seconds int,
    UNIQUE (trip_id, position)
);
CREATE TABLE scans (
    id bigserial PRIMARY KEY,
    parcel_id bigint NOT NULL REFERENCES parcels,
    consignment_id bigint NOT NULL REFERENCES consignments,
    depot_id bigint REFERENCES depots,
    event varchar(20) NOT NULL CHECK (event IN ('received', 'loaded', 'unloaded', 'delivered', 'damaged')),
    damage_description text,
    scanned_at timestamptz NOT NULL
);
CREATE TABLE freight_invoices (
    id bigserial PRIMARY KEY,
    shipper_id bigint NOT NULL REFERENCES shippers,
    consignment_id bigint NOT NULL REFERENCES consignments,
    invoice_no varchar(20) NOT NULL UNIQUE,
    shipper_name varchar(120) NOT NULL,
    currency char(3) NOT NULL,
    net_amount numeric(10, 2) NOT NULL,
    vat_percent numeric(4, 1) NOT NULL,
    vat_amount numeric(10, 2) NOT NULL,
    gross_amount numeric(10, 2) NOT NULL,
    status varchar(10) NOT NULL CHECK (status IN ('open', 'paid', 'overdue', 'written_off')),
    issued_on date NOT NULL,
    due_on date NOT NULL,
    paid_on date
);
CREATE TABLE incidents (
    id bigserial PRIMARY KEY,
    trip_id bigint NOT NULL REFERENCES trips,
    vehicle_id bigint NOT NULL REFERENCES vehicles,
    reported_by bigint NOT NULL REFERENCES drivers,
    severity varchar(10) NOT NULL CHECK (severity IN ('minor', 'major', 'critical')),
    description text NOT NULL,
    status varchar(12) NOT NULL CHECK (status IN ('open', 'investigating', 'resolved')),
    resolution text,
    occurred_at timestamptz NOT NULL,
    reported_at timestamptz NOT NULL,
    resolved_at timestamptz
);
CREATE TABLE temperature_readings (
    id bigserial PRIMARY KEY,
    trip_id bigint NOT NULL REFERENCES trips,
    sensor_serial varchar(30) NOT NULL,
    temperature_c numeric(4, 1) NOT NULL,
    humidity_pct numeric(4, 1) NOT NULL,
    battery_pct int NOT NULL,
    recorded_at timestamptz NOT NULL
);
