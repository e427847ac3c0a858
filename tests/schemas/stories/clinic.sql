-- A clinic: patients, staff, appointments, encounters, what was measured, found, prescribed and billed.
CREATE TABLE departments (
    department_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name varchar(80) NOT NULL UNIQUE,
    floor smallint NOT NULL,
    phone_extension varchar(10)
);
CREATE TABLE practitioners (
    practitioner_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    department_id int NOT NULL REFERENCES departments,
    npi char(10) NOT NULL UNIQUE,
    given_name varchar(60) NOT NULL,
    family_name varchar(60) NOT NULL,
    specialty varchar(60) NOT NULL,
    license_number varchar(30) NOT NULL,
    hired_on date NOT NULL,
    left_on date
);
CREATE TABLE patients (
    patient_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mrn varchar(12) NOT NULL UNIQUE,
    given_name varchar(60) NOT NULL,
    family_name varchar(60) NOT NULL,
    sex char(1) NOT NULL CHECK (sex IN ('F', 'M', 'X')),
    birth_date date NOT NULL,
    blood_type varchar(3),
    is_deceased boolean NOT NULL DEFAULT false,
    deceased_on date,
    primary_practitioner_id int REFERENCES practitioners,
    emergency_contact_name varchar(120),
    emergency_contact_phone varchar(30),
    registered_at timestamptz NOT NULL
);
CREATE TABLE allergies (
    allergy_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    patient_id int NOT NULL REFERENCES patients,
    substance varchar(80) NOT NULL,
    reaction varchar(120) NOT NULL,
    severity varchar(10) NOT NULL CHECK (severity IN ('mild', 'moderate', 'severe')),
    noted_on date NOT NULL
);
CREATE TABLE appointments (
    appointment_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    patient_id int NOT NULL REFERENCES patients,
    practitioner_id int NOT NULL REFERENCES practitioners,
    status varchar(12) NOT NULL CHECK (status IN ('scheduled', 'checked_in', 'completed', 'cancelled', 'no_show')),
    reason varchar(200) NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    duration_minutes int NOT NULL,
    checked_in_at timestamptz,
    cancelled_at timestamptz,
    cancellation_reason varchar(200),
    booked_at timestamptz NOT NULL
);
CREATE TABLE encounters (
    encounter_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    appointment_id int NOT NULL UNIQUE REFERENCES appointments,
    patient_id int NOT NULL REFERENCES patients,
    practitioner_id int NOT NULL REFERENCES practitioners,
    chief_complaint text NOT NULL,
    assessment text,
    plan text,
    started_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE TABLE vital_signs (
    vital_sign_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    encounter_id int NOT NULL REFERENCES encounters,
    systolic_mmhg int NOT NULL,
    diastolic_mmhg int NOT NULL,
    heart_rate int NOT NULL,
    respiratory_rate int NOT NULL,
    temperature_c numeric(4, 1) NOT NULL,
    oxygen_saturation numeric(4, 1) NOT NULL,
    weight_kg numeric(5, 1) NOT NULL,
    height_cm numeric(5, 1) NOT NULL,
    bmi numeric(4, 1) NOT NULL,
    measured_at timestamptz NOT NULL
);
CREATE TABLE diagnoses (
    diagnosis_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    encounter_id int NOT NULL REFERENCES encounters,
    patient_id int NOT NULL REFERENCES patients,
    icd10_code varchar(8) NOT NULL,
    description varchar(200) NOT NULL,
    clinical_status varchar(10) NOT NULL CHECK (clinical_status IN ('active', 'resolved')),
    onset_on date NOT NULL,
    resolved_on date
);
CREATE TABLE medications (
    medication_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ndc varchar(13) NOT NULL UNIQUE,
    name varchar(80) NOT NULL,
    form varchar(20) NOT NULL,
    strength_mg int NOT NULL
);
CREATE TABLE prescriptions (
    prescription_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    encounter_id int NOT NULL REFERENCES encounters,
    patient_id int NOT NULL REFERENCES patients,
    medication_id int NOT NULL REFERENCES medications,
    dosage_instructions varchar(200) NOT NULL,
    refills smallint NOT NULL,
    status varchar(12) NOT NULL CHECK (status IN ('active', 'completed', 'stopped')),
    prescribed_at timestamptz NOT NULL,
    stopped_at timestamptz,
    stop_reason varchar(200)
);
CREATE TABLE lab_results (
    lab_result_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    encounter_id int NOT NULL REFERENCES encounters,
    loinc_code varchar(7) NOT NULL,
    test_name varchar(80) NOT NULL,
    value numeric(8, 2) NOT NULL,
    unit varchar(12) NOT NULL,
    reference_low numeric(8, 2) NOT NULL,
    reference_high numeric(8, 2) NOT NULL,
    is_abnormal boolean NOT NULL,
    collected_at timestamptz NOT NULL,
    resulted_at timestamptz NOT NULL
);
CREATE TABLE invoices (
    invoice_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    encounter_id int NOT NULL REFERENCES encounters,
    patient_id int NOT NULL REFERENCES patients,
    invoice_number varchar(20) NOT NULL UNIQUE,
    status varchar(10) NOT NULL CHECK (status IN ('draft', 'sent', 'paid', 'void')),
    subtotal numeric(10, 2) NOT NULL,
    tax_rate numeric(5, 2) NOT NULL,
    tax_amount numeric(10, 2) NOT NULL,
    total_amount numeric(10, 2) NOT NULL,
    issued_on date,
    due_on date,
    paid_on date,
    voided_on date
);
