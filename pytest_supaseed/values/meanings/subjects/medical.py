"""Words and phrases of medicine: clinics, hospitals, pharmacies and laboratories.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings` with texts of
:mod:`~pytest_supaseed.values.meanings.phrases`, :data:`SLOTS` the slots of these.
"""

NAMES = """
name department_name department [department@medical unit@medical provider@medical]: Cardiology | Emergency Medicine |
 Pediatrics | Radiology | Orthopedics | Oncology | Neurology | Obstetrics | Internal Medicine | Intensive Care |
 Dermatology | Surgery | Psychiatry
specialty speciality specialization medical_specialty subspecialty [provider doctor physician practitioner clinician
 therapist medecin
 referral @medical]: Cardiology | Dermatology | Family Medicine | Internal Medicine | Pediatrics | Neurology |
 Orthopedic Surgery | Psychiatry | Oncology | Emergency Medicine | Anesthesiology | Radiology | Obstetrics and
 Gynecology | Endocrinology | Ophthalmology
name [specialty speciality]: Cardiology | Dermatology | Family Medicine | Pediatrics | Neurology | Psychiatry |
 Oncology | Radiology
ward: Ward <1-9>{A/B/C} | Maternity | Intensive Care | Pediatrics | Surgical | Recovery
name room exam_room [ward room@medical bed appointment@medical encounter@medical]: Exam Room <1-12> | Room <100-420> |
 Operating Room <1-6> | Consultation {A/B/C} | Recovery <1-8>
equipment [room ward @medical]: ECG monitor | infusion pump | ultrasound | ventilator | defibrillator | examination
 lamp | wheelchair | oxygen supply
head_physician attending_physician attending ordering_provider referring_provider referring_physician prescriber
 surgeon: Dr. {last_name}
allergies allergy allergen known_allergies: none known | penicillin | sulfa drugs | latex | peanuts | shellfish |
 pollen | bee stings | aspirin | dust mites | eggs | ibuprofen
reaction allergic_reaction: hives | rash | swelling | shortness of breath | nausea | itching | anaphylaxis
medical_history past_medical_history health_history pmh: +1-3 {history}
medical_notes health_notes medical_conditions: +1-2 {school_health}
family_history: +1-2 {^relative} with {condition}. | No known hereditary diseases. | {^relative} had {condition} at
 the age of <42-79>.
surgical_history: {^operation} in <2004-2024>. | None. | {^operation}, without complications.
social_history: {Lives alone/Lives with family/Lives with a partner}, {never smoked/quit smoking in 2018/occasional
 alcohol/works shifts}.
smoking_status tobacco_use: never | former | current | unknown
alcohol_use alcohol_consumption: none | occasional | moderate | heavy
exercise_level activity_level: sedentary | light | moderate | active
chief_complaint presenting_complaint complaint symptom presenting_problem reason_for_visit visit_reason [@medical
 visit appointment]: {^symptom} for {duration} | {^symptom} and {symptom} | {^symptom} since {since} | {^symptom},
 worse {when}
symptoms: {symptom} | {symptom} and {symptom} | {symptom} for {duration}
^reason appointment_reason [appointment visit encounter referral @medical]: {^symptom} for {duration} | Follow-up of
 {condition} | Annual check-up | {^condition} check | {Vaccination/Blood test/Medication review/Second opinion/Test
 results} | {^symptom} and {symptom}
notes note comments [appointment visit @medical patient prescription encounter vital]: +1-2 {clinic_note}
clinical_notes progress_note consultation_notes doctor_notes physician_notes nursing_notes soap_note: +2-3
 {clinic_note}
subjective history_of_present_illness hpi [@medical encounter note]: +1-2 Patient reports {symptom} for {duration}. |
 {^symptom} since {since}, worse {when}. | Denies {symptom} and {symptom}. | No {symptom}, appetite is
 {good/normal/reduced}.
objective examination physical_exam exam_findings [@medical encounter note]: +1-3 {finding}
assessment impression clinical_impression [@medical encounter note]: {^condition}, {stable/improving/mild/well
 controlled/newly diagnosed}. | {^symptom}, likely due to {condition}. | {^condition} versus {condition}. |
 {^condition} without complications.
plan treatment_plan care_plan plan_of_care [encounter visit note @medical]: +1-3 {care}
diagnosis_summary: {^condition}, {stable/improving/mild/well controlled/newly diagnosed}. | {^condition} with
 {symptom}.
discharge_summary hospital_course: +2-3 Admitted with {symptom} for {duration}. | Treated for {condition}. | {finding}
 | Discharged in {good/stable/improved} condition.
discharge_instructions aftercare aftercare_instructions follow_up_instructions patient_instructions: +2-3 {aftercare}
disposition discharge_disposition [@medical encounter visit]: home | home with care | transferred | admitted |
 observation
encounter_class visit_class patient_class: inpatient | outpatient | emergency | virtual | observation
encounter_type: office visit | telehealth | emergency | inpatient stay | home visit
severity [diagnosis condition allergy]: mild | moderate | severe
description name [diagnosis condition problem disease]: {^condition}
notes [diagnosis condition problem]: +1-2 {clinic_note} | Diagnosed {since}. | {^symptom} has {improved/not
 changed/worsened}.
name procedure_name [procedure surgery operation]: {^operation}
description [procedure surgery operation]: {^operation}, {outpatient/elective/routine/follow-up}. | {^operation} under
 {local/general} anesthesia. | {^operation} after {symptom} for {duration}.
outcome [procedure surgery treatment]: successful | improved | no complications | partial response | repeated
complications: none | minor bleeding | nausea | swelling | delayed healing | low blood pressure
anesthesia_type anesthesia: general | local | regional | sedation | none
modifier [procedure claim @medical]: 25 | 26 | 50 | 59 | LT | RT | TC
body_site body_part anatomical_site injection_site: left arm | right arm | abdomen | left knee | right knee | chest |
 lower back | left shoulder
site administration_site [immunization vaccination injection]: left deltoid | right deltoid | left thigh | right thigh
laterality: left | right | bilateral
route administration_route route_of_administration [medication prescription drug immunization administration
 vaccination]: oral | intravenous | intramuscular | subcutaneous | topical | inhaled | sublingual
strength [medication drug prescription]: <1-9>0 mg | 100 mg | 250 mg | 500 mg | 850 mg | 5 mg/ml | 20 mg/g
dosage_form form drug_form [medication drug product_form @medical]: tablet | capsule | syrup | injection | cream |
 inhaler | drops | patch
dosage dose [medication prescription drug @medical]: {1 tablet/2 tablets/1 capsule/5 ml/10 ml/2 puffs}
frequency [prescription medication dose @medical]: once daily | twice daily | three times daily | every 6 hours |
 every 8 hours | at bedtime | as needed
signature directions dosage_instructions [prescription medication drug dose order @medical @vet]: Take {1 tablet/2
 tablets/1
 capsule/5 ml} {once daily/twice daily/three times daily/every 8 hours/at bedtime} {by mouth/with food/with
 water/before meals/as needed for pain}. | Apply {to the
 affected area/a thin layer} {twice daily/at night}. | Inhale 2 puffs {every 6 hours/as needed/twice daily}.
instructions [prescription medication]: Take {with food/with water/before meals/in the morning/at bedtime}. | Do not
 {drive after taking/take with alcohol/stop without asking/crush the tablets}. | Finish all {tablets/capsules}. |
 Shake well before use.
schedule drug_schedule controlled_schedule [medication drug]: II | III | IV | V
generic_name active_ingredient substance [@medical medication drug prescription @vet medicine]: {substance}
brand_name trade_name [medication drug]:
 {Cardio/Neuro/Pulmo/Gastro/Derma/Allo/Vita/Sano}{lin/vex/pril/dine/mol/zan/cor}
name medication_name drug_name medicine [medication drug medicine formulary]: {^substance} <1-9>0 mg | {^substance}
 100 mg | {^substance} 250 mg | {^substance} 500 mg | {^substance} 5 mg
medication_name drug_name current_medications medications: {^substance} {10/20/50/100/250/500} mg
pharmacy pharmacy_name preferred_pharmacy: {Corner/Main Street/Riverside/Central/Station/Green
 Cross/Parkside/Hillcrest} Pharmacy
payer payer_name insurance insurance_provider insurance_company insurance_carrier insurer carrier_name health_plan
 plan_name [@medical patient claim policy]: {insurer}
insurance_provider insurance_company insurance_carrier: {insurer}
coverage_type plan_type [insurance coverage policy]: HMO | PPO | EPO | POS | Medicare | Medicaid
denial_reason [claim]: {^denial}
denial_code rejection_code [claim]: CO-{16/18/22/29/45/50/97/109/197} | PR-{1/2/3/96}
place_of_service [claim encounter charge]: 11 | 21 | 22 | 23 | 02
test_name lab_test test panel panel_name analyte [lab result test order @medical]: {lab_test}
reference_range normal_range: <3-9>.<0-9>-<10-14>.<0-9> | <60-79>-<90-120> | <0-1>.<2-9>-<2-4>.<0-9> | < <5-9> | >
 <40-60>
unit units [lab result vital observation test @medical]: mg/dL | mmol/L | g/dL | U/L | % | ng/mL | mmHg | cells/uL
abnormal_flag result_flag: N | H | L
flag [result test observation measurement reading specimen panel @medical]: N | H | L
specimen_type specimen sample_type: blood | serum | plasma | urine | saliva | swab | tissue
result_text result findings_text [lab test]: {Within normal limits/Slightly elevated/Below the reference
 range/Negative/Positive/No growth after 48 hours}
interpretation [lab result test ecg imaging]: normal | slightly elevated | high | low | within normal limits | needs
 repeat
findings radiology_findings [imaging scan radiology study xray]: +1-2 {finding}
modality: CT | MRI | X-ray | ultrasound | mammography
vaccine vaccine_name vaccination: {Influenza/Hepatitis A/Hepatitis
 B/Tetanus/MMR/Polio/HPV/Varicella/COVID-19/Pneumococcal/Meningococcal}{ vaccine/}
lot_number batch_number [immunization vaccination medication @medical]: {A/B/C/F/H/K}<U2><#4>
condition [patient diagnosis referral]: {condition}
triage_level acuity: 1 | 2 | 3 | 4 | 5
check_in_method: kiosk | front desk | online | phone
consent_type: treatment | data sharing | surgery | research
blood_pressure bp: <104-138>/<62-88>
clinical_indication indication reason_for_exam exam_reason: {^symptom} for {duration} | Suspected {condition} |
 Follow-up of {condition} | {^symptom} since {since}
impression conclusion [report@medical radiology_report report radiology imaging study@medical]: No acute findings. |
 {finding} | {^condition}, {mild/unchanged/improved}.
chronic_conditions existing_conditions comorbidities known_conditions preexisting_conditions pre_existing_conditions
 illness_history illnesses chronic_diseases: {condition}
code [surgery surgery_classification operation]: <1-6><#4>
chapter [diagnosis_code icd_code diagnosis disease]: Circulatory system | Respiratory system | Digestive system |
 Nervous system | Injuries | Infectious diseases
key_observations observations [radiology_report report@medical]: {finding}
diet dietary_restrictions dietary_requirements diet_type dietary_preferences dietary_needs special_diet: none |
 vegetarian | vegan | gluten-free | lactose-free | halal | kosher | low salt | no nuts
"""
SLOTS = """
condition: hypertension | type 2 diabetes | asthma | seasonal allergies | migraine | acute bronchitis | lower back
 pain | iron deficiency anemia | hypothyroidism | gastroesophageal reflux | osteoarthritis of the knee | urinary tract
 infection | sinusitis | eczema | high cholesterol | anxiety | tension headache | tonsillitis | sprained ankle |
 atrial fibrillation | chronic kidney disease | influenza | otitis media | insomnia
symptom: headache | cough | fever | sore throat | back pain | dizziness | fatigue | chest tightness | shortness of
 breath | abdominal pain | nausea | knee pain | skin rash | palpitations | ear pain | joint stiffness | trouble
 sleeping | blurred vision | runny nose | heartburn
duration: two days | three days | a week | ten days | two weeks | a month | several months
since: yesterday | last week | the weekend | the spring | a fall on the stairs | the last visit | the change of
 medication
when: at night | in the morning | after meals | when lying down | on exertion | when standing up
relative: mother | father | brother | sister | grandmother | grandfather
operation: appendectomy | knee arthroscopy | cataract surgery | tonsillectomy | colonoscopy | hernia repair | skin
 biopsy | hip replacement | gallbladder removal | cardiac catheterization | wound suture | carpal tunnel release |
 upper endoscopy | joint injection
substance: amoxicillin | ibuprofen | metformin | lisinopril | atorvastatin | omeprazole | amlodipine | levothyroxine |
 cetirizine | salbutamol | paracetamol | sertraline | losartan | prednisone | azithromycin | simvastatin
history: {^condition} since <2008-2024>. | {^operation} in <2004-2024>. | No known {drug allergies/chronic
 diseases/surgeries}. | {^condition}, controlled with {substance}. | {^relative} with {condition}. | {Never
 smoked/Former smoker/Smokes occasionally}. | Treated for {condition} in <2012-2024>.
school_health: Carries an inhaler. | Wears glasses. | Mild {asthma/eczema/hay fever}. | Epinephrine pen in the office.
 | No known conditions. | Excused from {swimming/running/contact sports} until {March/May/June}.
clinic_note: Patient reports {symptom} for {duration}. | {^symptom} {has improved/is unchanged/is worse {when}}. |
 {^condition} is {stable/well controlled/improving}. | Continue {substance}. | Start {substance}, review in
 {two/four/six} weeks. | Follow-up in {two weeks/a month/three months}. | Blood test ordered. | Advised {rest/more
 exercise/a low-salt diet/plenty of fluids}. | No {fever/new symptoms/side effects}. | Referred to
 {cardiology/neurology/physiotherapy/dermatology}. | Tolerates {substance} well. | Accompanied by {relative}.
finding: Lungs clear on both sides. | Heart sounds regular, no murmur. | Abdomen soft, not tender. | Mild swelling of
 the {left/right} {knee/ankle/wrist}. | Throat {red/slightly red/normal}. | No signs of {infection/fracture/fluid}. |
 Reflexes normal. | Skin warm and dry. | Blood pressure <110-148>/<68-92>. | Range of motion {full/slightly
 reduced/limited by pain}.
care: Continue {substance} {10/20/50/100} mg. | Start {substance} for {five days/a week/ten days}. | Follow-up in {two
 weeks/a month/three months}. | Order {a blood test/an X-ray/an ECG/an ultrasound}. | Refer to
 {cardiology/neurology/physiotherapy/dermatology}. | {Rest/Plenty of fluids/Ice and elevation} for {two days/a week}.
 | Repeat {labs/blood pressure} in {two/four} weeks.
aftercare: Take {substance} {twice a day/once a day/as needed} for {five days/a week}. | Rest for {two days/three
 days/a week}. | Keep the wound {dry/clean/covered}. | Return if {fever/pain/swelling/shortness of breath}
 {persists/gets worse}. | See your doctor in {a week/ten days/two weeks}. | Avoid {heavy
 lifting/driving/alcohol/sports} for {three days/a week/two weeks}. | Drink plenty of water.
insurer: {Example/Sample/Blue Harbor/Evergreen/Northern/Summit/Riverside/Golden} {Health/Health
 Plan/Mutual/Care/Insurance}
denial: service not covered by the plan | prior authorization missing | duplicate claim | out of network | coverage
 had ended | medical necessity not shown | filed too late | missing documents
lab_test: Glucose | Hemoglobin A1c | Total Cholesterol | LDL Cholesterol | Creatinine | TSH | Hemoglobin | White Blood
 Cells | Platelets | Potassium | Sodium | Vitamin D | Ferritin | C-reactive Protein | ALT
last_name: Baker | Carter | Diaz | Evans | Fischer | Grant | Hughes | Ito | Jensen | Kim | Lopez | Moore | Nguyen |
 Patel | Reed | Singh | Turner | Wong
"""
