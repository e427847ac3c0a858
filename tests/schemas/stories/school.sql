-- A school: terms, courses, sections, students, enrolments, assignments, submissions, attendance and fees.
CREATE TABLE academic_terms (
    id serial PRIMARY KEY,
    name text NOT NULL UNIQUE,
    starts_on date NOT NULL,
    ends_on date NOT NULL
);
CREATE TABLE teachers (
    id serial PRIMARY KEY,
    first_name text NOT NULL,
    last_name text NOT NULL,
    email text NOT NULL UNIQUE,
    subject text NOT NULL,
    hired_on date NOT NULL,
    is_active boolean NOT NULL,
    terminated_on date
);
CREATE TABLE guardians (
    id serial PRIMARY KEY,
    first_name text NOT NULL,
    last_name text NOT NULL,
    relationship text NOT NULL CHECK (relationship IN ('mother', 'father', 'grandparent', 'guardian')),
    email text,
    phone text NOT NULL
);
CREATE TABLE students (
    id serial PRIMARY KEY,
    guardian_id int NOT NULL REFERENCES guardians,
    student_number text NOT NULL UNIQUE,
    first_name text NOT NULL,
    last_name text NOT NULL,
    date_of_birth date NOT NULL,
    grade_level int NOT NULL CHECK (grade_level BETWEEN 1 AND 13),
    status text NOT NULL CHECK (status IN ('applied', 'enrolled', 'graduated', 'withdrawn')),
    enrolled_on date,
    graduated_on date,
    withdrawn_on date,
    withdrawal_reason text,
    gpa numeric(3, 2)
);
CREATE TABLE courses (
    id serial PRIMARY KEY,
    code text NOT NULL UNIQUE,
    title text NOT NULL,
    description text NOT NULL,
    credits smallint NOT NULL
);
CREATE TABLE rooms (
    id serial PRIMARY KEY,
    building text NOT NULL,
    room_number text NOT NULL,
    capacity int NOT NULL,
    UNIQUE (building, room_number)
);
CREATE TABLE sections (
    id serial PRIMARY KEY,
    course_id int NOT NULL REFERENCES courses,
    term_id int NOT NULL REFERENCES academic_terms,
    teacher_id int NOT NULL REFERENCES teachers,
    room_id int REFERENCES rooms,
    course_code text NOT NULL,
    enrolled_count int NOT NULL,
    max_students int NOT NULL,
    starts_at time NOT NULL,
    ends_at time NOT NULL CHECK (ends_at > starts_at)
);
CREATE TABLE enrollments (
    id serial PRIMARY KEY,
    section_id int NOT NULL REFERENCES sections,
    student_id int NOT NULL REFERENCES students,
    status text NOT NULL CHECK (status IN ('enrolled', 'completed', 'dropped')),
    enrolled_at timestamptz NOT NULL,
    completed_at timestamptz,
    dropped_at timestamptz,
    drop_reason text,
    final_score numeric(5, 2) CHECK (final_score BETWEEN 0 AND 100),
    UNIQUE (section_id, student_id)
);
CREATE TABLE assignments (
    id serial PRIMARY KEY,
    section_id int NOT NULL REFERENCES sections,
    title text NOT NULL,
    instructions text NOT NULL,
    max_points int NOT NULL,
    published boolean NOT NULL,
    published_at timestamptz,
    due_at timestamptz NOT NULL,
    submissions_count int NOT NULL,
    average_points numeric(6, 2),
    created_at timestamptz NOT NULL
);
CREATE TABLE submissions (
    id serial PRIMARY KEY,
    assignment_id int NOT NULL REFERENCES assignments,
    student_id int NOT NULL REFERENCES students,
    status text NOT NULL CHECK (status IN ('draft', 'submitted', 'graded', 'returned')),
    content text,
    submitted_at timestamptz,
    graded_at timestamptz,
    graded_by int REFERENCES teachers,
    points numeric(6, 2),
    feedback text,
    created_at timestamptz NOT NULL,
    UNIQUE (assignment_id, student_id)
);
CREATE TABLE attendance_records (
    id serial PRIMARY KEY,
    enrollment_id int NOT NULL REFERENCES enrollments,
    student_id int NOT NULL REFERENCES students,
    attended_on date NOT NULL,
    status text NOT NULL CHECK (status IN ('present', 'absent', 'late', 'excused')),
    minutes_late int,
    excuse_reason text
);
CREATE TABLE fee_payments (
    id serial PRIMARY KEY,
    student_id int NOT NULL REFERENCES students,
    guardian_id int NOT NULL REFERENCES guardians,
    description text NOT NULL,
    amount_due numeric(10, 2) NOT NULL,
    amount_paid numeric(10, 2) NOT NULL,
    balance numeric(10, 2) NOT NULL,
    is_paid boolean NOT NULL,
    paid_at timestamptz,
    due_on date NOT NULL,
    created_at timestamptz NOT NULL
);
