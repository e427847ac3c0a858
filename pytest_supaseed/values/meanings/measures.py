"""Plausible ranges of numbers by unit and by what is measured: blood pressure, sizes of files, lengths of ships.

:data:`MEASURED` are declarations of :mod:`~pytest_supaseed.values.meanings.endings`: the least and the greatest number,
and digits after the point; ``graded`` where a CHECK that states both ends replaces the range; ``of`` and the numbers
where there are few. :func:`measured` finds the range of a column by its name with the unit, then without a word such as
*percent* or *monthly*; :func:`of_unit` by the unit alone.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from pytest_supaseed.values.meanings.endings import Endings
from pytest_supaseed.values.types.numeric import PlausibleNumbers

_BODY = """
systolic blood_pressure_high bp_sys sbp: 104 142
diastolic blood_pressure_low bp_dia dbp: 62 89
heart_rate pulse pulse_rate resting_heart_rate hr [@medical @person vital]: 58 104
respiratory_rate respiration_rate respiration resp_rate respiratory: 12 20
temperature temp body_temp body_temperature temperature_c temp_c [vital patient @medical observation triage]: 36.2
 38.9 1
temperature_f temp_f body_temperature_f body_temp_f [vital patient @medical observation triage]: 97.2 102 1
oxygen_saturation spo_2 spo_2_percent o_2_saturation oxygen_level o_2_sat saturation [@medical vital
 patient]: 93 100
oxygen_saturation spo_2 spo_2_percent o_2_saturation: 93 100
glucose blood_glucose glucose_mg_dl blood_sugar glucose_level: 72 160
glucose_mmol glucose_mmol_l: 4 9 1
cholesterol total_cholesterol ldl: 110 240
hdl: 38 75
triglycerides: 60 220
hba_1_c a_1_c: 4.8 8.5 1
hemoglobin: 11.5 17 1
creatinine: 0.6 1.3 2
bmi body_mass_index: 18.5 34 1
pain_score pain_level pain pain_scale: 0 10 0 graded
apgar apgar_score: 6 10
gcs glasgow_coma_scale: 13 15
height height_cm body_height [@person vital patient @medical]: 150 198 1
height_in height_inches [@person vital patient @medical]: 59 78 1
height_m [@person vital patient @medical]: 1.5 1.98 2
weight weight_kg body_weight [@person vital patient @medical]: 48 112 1
weight_lbs weight_lb weight_pounds [@person vital patient @medical]: 106 247 1
body_fat body_fat_percent: 8 35 1
waist waist_cm: 65 115 1
head_circumference head_circumference_cm: 33 58 1
gestational_age_weeks gestation_weeks: 6 41
refills refills_allowed refills_remaining refill_count number_of_refills: 0 5
days_supply supply_days: of 7 10 14 30 30 30 60 90 90
dose_number dose_no: 1 3
dose_mg dosage_mg strength_mg: of 5 10 20 25 40 50 100 250 500 850
dose_ml volume_ml [@medical]: of 1 2 5 10 15 20
bed_count beds number_of_beds bed_capacity [@medical department ward hospital]: 2 48
copay copay_cents: of 1000 1500 2000 2500 3000 4000 5000
copay_amount: of 10 15 20 25 30 40 50
years_experience years_of_experience experience_years years_in_practice experience [@person position job candidate
 posting]: 1 32
years_experience years_of_experience experience_years: 1 32
steps step_count daily_steps: 900 16000
calories calories_burned: 80 900
sleep_hours: 4.5 9.5 1
"""
_MONEY = """
mrr mrr_amount: 49 4900 2
arr: 600 60000 2
mrr_cents: 4900 490000
arr_cents: 60000 6000000
lifetime_value: 40 6000 2
lifetime_value_cents ltv_cents total_spent_cents: 4000 600000
price_cents [plan tier package subscription]: of 0 900 1500 1900 2900 4900 9900 19900 29900
price amount monthly_price price_monthly [plan tier package subscription]: of 0 9 15 19 29 49 99 199 299
price list_price asking_price sale_price sold_price estimated_value market_value appraisal_value appraised_value
 assessed_value
 original_price median_price average_price counter_amount offer_amount purchase_price [property listing house
 apartment estate @estate]: 120000 980000
 0
amount [offer]: 120000 980000
price_per_sqft price_per_square_foot: 110 620 2
price_per_sqm: 1200 6800 2
loan_amount principal principal_amount mortgage_amount home_loan_amount preapproved_amount: 5000 450000 2
budget_min min_budget [client buyer lead @estate]: 120000 380000
budget_max max_budget [client buyer lead @estate]: 400000 980000
rent monthly_rent rent_amount [@estate lease property tenant]: 650 3800 2
rent monthly_rent average_rent: 650 3800 2
hoa_fee hoa hoa_dues: 80 620 2
property_tax annual_tax [@estate property]: 1200 9800 2
deposit deposit_amount security_deposit [lease @estate]: 900 4500 2
earnest_money: 2000 20000 2
closing_costs: 3000 18000 2
fare: 3 60 2
ticket_price price_paid [concert ticket event show]: 18 180 2
base_rate nightly_rate room_rate rate_per_night price_per_night daily_price [@hotel room hotel reservation]: 69
 420 2
rate [reservation booking room @hotel]: 69 420 2
hourly_rate pay_rate: 15 120 2
rate_per_stream: 0.0021 0.0089 6
rate_per_km price_per_km cost_per_km fare_per_km fee_per_km: 0.3 2.4 2
rate_per_mile price_per_mile cost_per_mile fare_per_mile: 0.4 3.2 2
rate_per_kwh price_per_kwh cost_per_kwh tariff_per_kwh: 0.11 0.46 4
rate_per_minute price_per_minute cost_per_minute fee_per_minute: 0.05 0.9 2
cost_per_click price_per_click cpc: 0.12 3.6 2
price_per_gb cost_per_gb rate_per_gb: 0.01 0.25 3
salary min_salary salary_min base_salary annual_salary: 32000 90000
max_salary salary_max expected_salary desired_salary: 91000 150000
gross_pay gross_salary gross: 2400 8800 2
net_pay net_salary: 1700 6100 2
tax_withheld federal_tax income_tax: 180 1600 2
bonus bonus_amount: 250 9000 2
overtime_pay: 40 900 2
retirement_contribution pension_contribution: 60 700 2
annual_income income: 24000 180000 2
balance current_balance available_balance ledger_balance running_balance opening_balance closing_balance: 120
 19000 2
minimum_balance min_balance: of 0 25 100 250 500 1000
overdraft_limit overdraft: of 0 250 500 1000 2000
credit_limit [card account customer @bank]: of 500 1000 2000 5000 7500 10000 15000
daily_limit transaction_limit withdrawal_limit transfer_limit spending_limit: of 250 500 1000 1500 2500 5000
credit_score fico fico_score: 580 840
monthly_payment installment_amount installment emi: 85 2400 2
total_credits total_debits: 300 9000 2
market_cap: 50000000 90000000000
insurance_amount coverage_amount sum_insured: of 100000 250000 500000 1000000 2000000
premium premium_amount monthly_premium: 25 480 2
declared_value customs_value: 40 25000 2
toll_cost tolls toll: 2 85 2
fuel_cost: 40 620 2
fuel_price price_per_liter: 1.4 2.1 3
price_usd [purchase store item pack]: of 1 2 5 10 20 50 100
treasury treasury_gold gold coins currency_amount: 50 25000
gems diamonds crystals: 0 900
funding_amount raised amount_raised: 50000 20000000
daily_fine daily_rate fine_rate [fine @library]: of 0.1 0.2 0.25 0.5
fine fine_amount fines fines_balance amount [fine @library]: 0.5 18 2
shipping shipping_cost shipping_fee shipping_amount freight: 3.9 24.9 2
shipping_cents shipping_cost_cents freight_cents: of 0 390 490 590 790 990 1490
consultation_fee_cents visit_fee_cents: of 5000 8000 9500 12000 15000 20000
fee_cents processing_fee_cents transaction_fee_cents: 15 900
lunch_balance_cents balance_cents credit_cents: 0 6000
min_order_cents minimum_order_cents min_purchase_cents: of 0 2000 2500 5000 7500 10000
discount_cents: of 0 0 0 250 500 1000
"""
_SHARES = """
rate bid ask mid close_rate [exchange_rate currency_pair quote fx]: 0.5 2 6
unrealized_gain realized_gain gain_loss: -900 4200 2
tax_rate vat_rate sales_tax_rate tax_percent vat_percent tax_rate_percent tax_percentage vat_percentage: of 0 5 7
 8 10 19 20 21
tax_bps tax_bp tax_rate_bps tax_rate_bp vat_bps: of 500 700 825 1000 1900 2000 2100
discount_percent discount_percentage percent_off discount_rate_percent: of 5 10 15 20 25 30 40 50
commission_rate commission_percent commission_percentage commission: 2 15 2
interest_rate apr annual_percentage_rate nominal_rate mortgage_rate annual_rate annual_rate_percent
 annual_interest_rate rate_percent [loan mortgage credit account deposit @bank]: 1.9 9.9 2
interest_rate apr annual_percentage_rate nominal_rate mortgage_rate annual_rate annual_rate_percent
 annual_interest_rate: 1.9 9.9 2
apy dividend_yield yield: 0.4 5.5 2
apr [card]: 14.9 29.9 2
interest_rate_bps interest_bps: 190 990
spread_bps spread_bp margin_bps fee_bps: 5 120
duty_rate tariff_rate: of 0 2.5 4 6.5 8 12 17
expense_ratio: 0.0003 0.0125 4
debt_to_income_ratio dti: 0.12 0.43 3
ltv ltv_ratio ltv_percent: 45 95 1
down_payment down_payment_percent: of 5 10 15 20 20 25 30
bonus_percent bonus_percentage: of 0 5 8 10 12 15 20
restocking_fee_percent: of 0 5 10 15 20
late_penalty late_penalty_percent penalty_percent: of 0 5 10 10 20
attendance attendance_rate attendance_percent attendance_percentage: 78 100 1
on_time_percent on_time_rate sla_percent uptime_percent availability_percent uptime: 96 100 2
weight_percent weight_percentage weighting [assignment exam grade course]: of 5 10 15 20 25 30
win_rate: 35 68 1
accuracy accuracy_percent [match player game weapon]: 18 72 1
packet_loss packet_loss_percent: 0 3 2
split_percent ownership_percent share_percent equity_percent: of 10 15 20 25 33 50 50 100
conversion_rate click_rate ctr: 0.5 8 2
open_rate: 12 45 1
bounce_rate churn_rate: 1 12 1
error_rate: 0 4 2
occupancy_rate occupancy: 45 98 1
growth_rate inflation_rate: 0 12 1
humidity humidity_percent relative_humidity: 28 72 1
moisture moisture_percent: 6 22 1
remote_percent: of 0 0 20 40 50 60 80 100
drop_rate spawn_rate: 0.002 0.25 4
toxicity toxicity_score plagiarism_score similarity_score spam_score similarity confidence_score: 0 1 3 graded
sentiment_score polarity: -1 1 2 graded
energy danceability valence acousticness instrumentalness liveness speechiness [@music track song audio feature]:
 0 1 3 graded
percentile: 1 99 1
"""
_SCORES = """
nps nps_score: of 0 3 5 6 7 8 8 9 9 10 10
csat csat_score satisfaction_score: 1 5 0 graded
walk_score transit_score bike_score safety_score inspection_score quality_score health_score [property
 neighborhood driver housekeeping @estate
 @transport @hotel task]: 52 98
performance_rating overall_rating rating_average average_rating: 2.5 5 1 graded
score final_score marks_obtained marks exam_score test_score total_score percentage [enrollment submission exam
 result quiz student grade test]: 52 99 1
points_earned points [submission grade result]: 52 100
max_points total_marks max_score total_points maximum_marks max_marks points_possible: of 10 20 25 50 100 100
passing_marks passing_score pass_mark min_score: of 40 50 50 60
points [achievement badge]: of 5 10 10 20 25 50 100
points_required: of 100 250 500 1000
loyalty_points reward_points rewards_points: 0 9500
fraud_score risk_score score [fraud alert risk]: 5 95
score [match leaderboard game]: 400 98000
score_a score_b home_score away_score goals_for goals_against: 0 5
elo elo_rating mmr rating_points: 850 2300
rating_change elo_change mmr_change: -28 28
rank ranking class_rank standing placement [student leaderboard result player match standing]: 1 40
rank placement: 1 40
level player_level character_level [player character profile user]: 1 80
level_required min_level required_level: 1 60
level [guild item skill building]: 1 20
xp experience experience_points exp reward_xp xp_reward: 120 48000
reward_gold: of 10 25 50 100 250 500
kills: 0 28
deaths: 0 18
assists: 0 22
kd_ratio kda: 0.3 4.2 2
win_streak streak current_streak: 0 12
wins losses: 0 180
hp health max_hp max_health hit_points [character enemy unit monster]: 80 1200
mana max_mana: 40 900
strength agility intelligence stamina dexterity wisdom charisma constitution vitality luck [character hero unit]:
 8 60
armor defense defence: 2 180
damage damage_min attack attack_power: 6 80
damage_max: 81 180
damage_dealt healing_done damage_taken: 800 42000
durability: 0 100
max_stack: of 1 5 10 20 64 99
sell_price buy_price [item]: 5 4500
story_points effort_points: of 1 2 3 5 8 13
estimated_points: of 1 2 3 5 8
popularity popularity_score: 1 100
impact_factor: 0.8 12 3
h_index: 4 95
crime_index: 8 75 1
school_rating: 3 10 1
star_rating stars [hotel]: of 2 3 3 4 4 5
michelin_stars: of 0 0 0 1 2
gpa: 2 4 2
grade_level grade year_level [student school class]: 1 12
credits credit_hours ects credit_value credits_attempted [course class module enrollment subject]: of 1 2 3 3 3 4 4
credits_earned: 6 118
interest_level urgency_level spicy_level spice_level: 1 5 0 graded
toughness difficulty_level: 1 5 0 graded
axles: of 2 2 3 4 5
stops_count stop_count number_of_stops: 2 24
qos: of 0 1 2
channel [sensor device reading]: 1 8
"""
_DIMENSIONS = """
weight_g weight_grams weight_gr net_weight_g gross_weight_g weight_in_grams grams: 40 4800
weight_g [book]: 120 1400
weight_oz: 1 160 1
weight_kg gross_weight_kg net_weight_kg weight [package parcel product item variant]: 0.1 18 2
weight_kg gross_weight_kg net_weight_kg gross_weight net_weight [shipment freight cargo consignment container]: 4
 18500 1
tare_weight tare_weight_kg tare_kg: 2100 4700
max_payload max_payload_kg payload_capacity payload_capacity_kg payload_kg max_load_kg: 700 27000
gross_tonnage: 2500 98000
deadweight deadweight_tons dwt: 4000 140000
capacity_teu teu: 400 14000
annual_teu: 90000 9500000
length length_m overall_length loa [vessel ship]: 85 366 1
beam beam_m [vessel ship]: 15 51 1
draft draft_m draught max_draft_m max_draft: 5.5 15.5 1
length_m: 0.5 14 2
width_m height_m depth_m: 0.4 4 2
ceiling_height ceiling_height_m: 2.3 3.4 1
length_cm width_cm height_cm depth_cm diameter_cm [package parcel shipment product item box variant]: 5 80 1
length_mm width_mm height_mm depth_mm diameter_mm thickness_mm: 2 900 1
size_ft [container]: of 20 20 40 40 45
length_ft: 6 60 1
width_px image_width width_pixels: of 640 800 1024 1200 1280 1600 1920 2560 3840
height_px image_height height_pixels: of 360 480 600 720 768 900 1080 1440 2160
width [image photo media video screenshot thumbnail]: of 640 800 1024 1280 1600 1920 3840
height [image photo media video screenshot thumbnail]: of 360 480 600 720 900 1080 2160
volume_m_3 volume_cbm cbm capacity_m_3: 0.1 68 2
volume_ml capacity_ml: of 100 250 330 500 750 1000
volume_l capacity_l volume_liters capacity_liters tank_capacity: 0.5 80 1
area_sqm area_m_2 size_sqm square_meters living_area living_area_sqm floor_area living_area_m_2 size_m_2: 24 240 1
area_sqm area_m_2 area [warehouse site factory]: 800 24000
capacity_m_3 volume_m_3 capacity_cbm [warehouse depot]: 2000 60000
size_sqm [room]: 14 60 1
sqft square_feet square_footage living_area_sqft area_sqft: 480 3900
lot_sqft lot_size_sqft: 2500 24000
lot_size_acres acres lot_acres acreage: 0.1 4.5 2
hectares: 0.5 120 1
distance_km route_distance_km: 4 780 1
distance_m distance_meters: 50 4500
distance_to_beach distance_to_beach_m distance_to_center_m: 50 3000
distance_miles: 2 480 1
mileage_km odometer odometer_km total_km last_service_km mileage_miles: 4200 240000
next_service_km: 15000 260000
mileage_km [expense trip claim reimbursement]: 6 320 1
elevation_m altitude altitude_m elevation: 4 1800 0
range_km [vehicle car]: 180 720
wheelbase: 2400 3200
pages page_count num_pages number_of_pages [book novel publication edition]: 90 720
page_count pages num_pages [statement invoice document report file contract]: 1 24
page_start first_page start_page: 1 380
page_end last_page end_page: 381 420
word_count: 180 2400
word_count [book novel]: 22000 140000
character_count: 400 9000
strings [instrument guitar]: of 4 4 6 6 6 7 12
"""
_TIMES = """
duration_ms length_ms total_duration_ms ms_played track_length_ms [track song play album recording video @music]:
 118000 412000
duration_seconds length_seconds duration_sec duration [track song recording]: 118 412
total_duration_ms total_duration: 900000 9000000
duration_ms elapsed_ms response_time_ms response_time latency_ms execution_time_ms took_ms processing_time_ms: 12
 1900
timeout_ms: of 1000 2000 3000 5000 5000 10000 30000
ping ping_ms average_ping_ms rtt_ms: 12 140
delay_ms interval_ms: of 100 250 500 1000 5000
timeout_seconds timeout_sec timeout_s: of 5 10 15 30 30 60 120
ttl ttl_seconds cache_ttl max_age: of 60 300 600 900 3600 86400
interval_seconds interval_sec sampling_interval_s heartbeat_interval_sec polling_interval_seconds
 sampling_interval sampling_interval_seconds: of 5 10 15 30
 60 60 300 900
cooldown_seconds: of 30 60 60 300 600
duration_seconds [match game session]: 480 3200
duration_seconds duration_sec build_seconds runtime_seconds elapsed_seconds: 8 1800
call_duration_seconds talk_time_seconds: 20 1800
uptime_seconds uptime_sec: 3600 7776000
uptime_hours: 4 2100
playtime_hours play_time_hours hours_played: 2 1900
duration_minutes duration_min duration_mins length_minutes appointment_duration slot_minutes [appointment visit
 procedure interview viewing consultation
 meeting lesson session class]: of 15 15 20 30 30 30 45 60 60 90
duration_minutes duration_min runtime_minutes running_time [film movie]: 82 168
duration_minutes duration_min [exam test quiz]: of 30 45 60 60 90 120 180
duration_minutes duration_min [housekeeping cleaning]: 15 55
duration_minutes duration_min duration_mins: of 15 20 30 30 45 60 60 90 120
minutes_late late_minutes: 2 40
break_minutes break_min: of 0 15 30 30 45 60
prep_time prep_time_minutes prep_minutes preparation_minutes cook_time_minutes cooking_time_minutes: of 5 10 10 15
 20 25 30 45
first_response_minutes response_minutes: 3 240
dwell_minutes waiting_minutes wait_minutes stop_minutes: 4 45
estimated_minutes travel_minutes drive_minutes: 12 540
reading_minutes reading_time_minutes: 2 18
minutes_listened minutes_played: 30 42000
hours_worked weekly_hours hours_per_week [employee timesheet staff contract]: of 20 24 30 32 35 38 40 40 40
hours_worked [payroll]: of 80 150 160 160 168
hours [timesheet time_entry entry timelog]: of 2 3.5 4 6 7.5 8 8 8
hours_this_week driving_hours: 6 48 1
overtime_hours: of 0 0 1 2 3.5 5 8
estimated_hours estimate_hours actual_hours logged_hours hours_spent spent_hours: of 0.5 1 2 3 4 6 8 12 16
sla_hours response_time_hours: of 1 4 8 24 24 48 72
cooldown_hours: of 1 6 12 24 24
credit_hours: of 1 2 3 3 4
downtime_hours labor_hours: 0.5 16 1
duration_hours: of 1 2 3 4 6 8
trial_days trial_period_days: of 0 7 14 14 30
notice_period notice_period_days: of 14 30 30 60 90
vacation_days annual_leave_days pto_days: of 15 20 22 25 28 30
sick_days: 0 9
days_overdue overdue_days days_late: 1 45
days_past_due: of 0 0 0 0 15 30 60
days_on_market: 2 140
retention_days: of 7 14 30 30 90 365
days [leave request absence]: of 0.5 1 1 2 3 5 10
term_months loan_term_months [mortgage]: of 120 180 240 300 360
term_months loan_term loan_term_months tenor_months: of 12 24 36 48 60 72 84
lease_term_months lease_months: of 6 12 12 12 18 24
warranty_months: of 6 12 12 24 24 36
expires_months validity_months: of 6 12 24 36
warranty_years: of 1 1 2 2 3 5
term_years loan_term_years: of 10 15 20 25 30 30
years_active: 1 25
interval_count billing_interval_count: of 1 1 1 1 3 6 12
"""
_MACHINES = """
status http_status http_status_code response_status response_code last_response_code status_code http_code code
 [request response webhook delivery http
 log endpoint visit]: of 200 200 200 200 201 204 302 400 401 403 404 422 429 500
http_status http_status_code response_status response_code: of 200 200 200 200 201 204 302 400 401 403 404 422 429
 500
smtp_code smtp_status: of 250 250 250 421 450 550 552
exit_code: of 0 0 0 0 0 1 1 2 137
errno: of 2 11 13 110 111
port: of 1883 1883 3000 3306 5432 6379 8000 8080 8443 8883 9090
vlan vlan_id: 10 400
mtu: of 1280 1400 1492 1500
attempt attempts attempt_number attempt_count retry_count retries: 1 5
max_attempts max_retries: of 1 2 3 3 5 10
build_number run_number: 100 4800
rate_limit api_rate_limit rate_limit_per_minute requests_per_minute: of 60 100 300 600 1000
max_seats seats [plan organization subscription license workspace account]: of 1 3 5 10 20 25 50 100
max_projects max_workspaces: of 1 3 5 10 20 50 100
storage_gb storage_limit_gb disk_gb storage_quota_gb: of 1 5 10 20 50 100 250 500
memory_gb ram_gb: of 2 4 8 16 32 64
storage_tb: of 1 2 4 8
memory_mb ram_mb memory_limit_mb: of 256 512 512 1024 2048 4096 8192
memory_usage_mb memory_used_mb memory_free_mb: 120 3900
memory_free_kb heap_kb free_memory_kb: 18000 480000
file_size_mb size_mb: 0.1 48 1
storage_bytes quota_bytes storage_limit_bytes: of 1073741824 5368709120 10737418240 53687091200 107374182400
file_size_bytes size_bytes [track song recording]: 2800000 14000000
bytes_sent bytes_received response_bytes body_bytes: 180 96000
bitrate bitrate_kbps: of 128 192 256 256 320 320
sample_rate sample_rate_hz: of 44100 44100 48000 96000
bit_depth: of 16 16 24
bandwidth_mbps speed_mbps download_mbps mbps: 18 940 1
bandwidth_kbps kbps: 64 9600
fps frame_rate: of 24 25 30 30 60 60 120 144
tick_rate tick_rate_hz: of 20 30 60 64 128
hz frequency_hz: of 50 60 440 1000 44100
mhz frequency_mhz: of 433 868 915 2400
ghz: 1.8 4.8 1
cpu_limit_millicores cpu_millicores millicores: of 100 250 500 500 1000 2000
cpu_cores cores vcpus cpu_count: of 1 2 2 4 4 8 16
cpu_load cpu_usage cpu_percent cpu_usage_percent load memory_percent memory_usage_percent disk_used_percent
 disk_percent: 4 92 1
replicas replica_count instances: of 1 2 2 3 3 5
opens: 0 5
clicks [email message]: 0 4
connected_devices device_count: 2 60
uptime_days: 1 180
battery_voltage_mv battery_mv: 3300 4180
battery_voltage: 3.3 4.2 2
voltage_v voltage supply_voltage volts: of 3.3 5 5 12 24 230
current_ma: 12 420
current_a amps: 0.2 16 1
power_w power_watts watts wattage: 2 1800 1
power_kw engine_power_kw [vessel ship]: 2200 68000
power_kw engine_power_kw engine_power: 55 260
horsepower hp [vehicle car engine]: 75 350
energy_kwh consumption_kwh kwh usage_kwh: 0.2 48 3
energy_kwh_per_sqm: 35 240
battery_kwh battery_capacity_kwh: 38 100
mah battery_capacity_mah: of 2000 3000 4000 5000
signal_strength rssi signal_strength_dbm rssi_dbm signal_dbm dbm: -98 -46
snr snr_db: -4 28 1
noise_db noise_level_db noise sound_level_db decibels: 32 88 1
loudness_db loudness: -14 -4 1
gain_db: -12 12 1
db [audio sound]: -24 0 1
light_lux lux illuminance: 20 1800
pressure_hpa pressure_mbar hpa barometric_pressure pressure: 985 1034 1
pressure_bar bar: 1 12 1
tire_pressure_psi tire_pressure psi: 28 42 1
pressure_kpa kpa: 95 240
co_2_ppm co_2: 410 1400
co_2_g_per_km co_2_emissions: 0 210
pm_25 pm_25_ugm_3 pm_2_5 pm_10: 2 48 1
aqi: 12 140
voc: 40 900
ph ph_level ph_value [reading sensor sample water @device]: 5.8 8.2 2
turbidity turbidity_ntu ntu: 0.1 9 2
conductivity: 180 1400
flow_rate flow_rate_lpm lpm: 1 85 1
vibration vibration_mm_s: 0.2 7.5 3
wind_speed wind_speed_ms wind_speed_kmh: 0.4 14 1
wind_gust: 4 24 1
wind_direction wind_direction_deg heading heading_degrees bearing heading_deg course_over_ground azimuth degrees:
 0 359
rainfall rainfall_mm precipitation precipitation_mm: 0 28 1
snowfall snow_depth_cm: 0 40 1
uv_index: 0 10
cloud_cover: 0 100
temperature_setpoint temperature_setpoint_c target_temperature setpoint [room thermostat hotel @hotel]: 19 23 1
setpoint setpoint_c [container reefer]: -22 14 1
cpu_temp cpu_temp_c cpu_temperature: 38 78 1
operating_temp_min operating_temp_min_c min_operating_temp: of -40 -25 -20 -10 0
operating_temp_max operating_temp_max_c max_operating_temp: of 45 50 60 70 85
temperature_c temp_c celsius: -4 32 1
temperature_f temp_f fahrenheit: 25 90 1
temperature_k kelvin: 269 305 1
speed speed_kmh speed_kph velocity_kmh: 4 118 1
speed_mph: 3 72 1
speed_knots knots: 6 24 1
rpm engine_rpm: 750 4200
torque torque_nm: 90 480
fuel_level fuel_level_percent fuel: 8 100
fuel_consumption consumption_l_100km liters_per_100_km: 4.1 12.5 1
displacement engine_cc cc: of 998 1199 1395 1498 1598 1968 2998
precision_digits precision [sensor]: of 1 2 2 3 4
accuracy [sensor]: 0.1 2 2
calibration_offset: -0.9 0.9 3
threshold_low low_threshold min_threshold: 2 18 1
threshold_high high_threshold max_threshold: 60 95 1
min_value [sensor metric range]: -40 0
max_value [sensor metric range]: 60 125
reading value [reading measurement telemetry]: 2 98 2
value [lab result observation test]: 3.5 160 1
position_x position_y x y pos_x pos_y coordinate_x coordinate_y [character player object entity unit]: -900 900 2
bpm tempo [track song @music]: 72 168
disc_number disc_no disk_number: of 1 1 1 1 2
track_number track_no: 1 14
total_tracks track_count: 8 16
"""
_COUNTS = """
year release_year publication_year published_year model_year year_made [vehicle car film movie book album
 song track instrument model]: 1998 2025
year_built built_year construction_year built [vessel ship]: 1996 2024
year_built built_year construction_year: 1925 2023
founded founded_year year_founded established_year formed_year year_established year_formed: 1980 2023
graduation_year class_of: 2024 2030
birth_year year_of_birth born born_in [author artist composer painter writer poet]: 1915 1985
birth_year year_of_birth born born_in: 1950 2005
death_year year_of_death died died_in: 1991 2024
fiscal_year: 2022 2026
card_exp_year exp_year expiry_year expiration_year expires_year year_of_expiry: 2026 2031
card_exp_month exp_month expiry_month expiration_month expires_month: 1 12
payment_day billing_day due_day day_of_month: of 1 1 5 10 15 15 20 28
quarter: 1 4
day_of_week: 0 6
week week_number iso_week: 1 52
age [pet animal dog cat]: 1 14
age [child]: 1 17
dependents number_of_dependents children_count: 0 4
children max_children kids infants: 0 3
adults max_adults: 1 3
bed_count beds number_of_beds [room room_type suite @hotel]: of 1 1 2 2 2 3 4
total_stays number_of_stays stays: 0 24
guests guest_count number_of_guests party_size max_occupancy max_guests occupants occupancy_limit: 1 6
floor floor_number storey: 1 12
floors number_of_floors stories storeys: 1 4
bedrooms bedroom_count: 1 5
bathrooms bathroom_count baths: of 1 1 1.5 2 2 2.5 3
garage_spaces parking_spots [property house]: 0 3
parking_spaces parking_spots: 10 240
total_rooms room_count number_of_rooms [hotel]: 24 420
seating_capacity capacity [restaurant]: 30 160
capacity [class room classroom course section]: of 18 20 24 25 30 32 40
capacity [event workshop library]: of 15 20 30 40 60 80 120
capacity max_capacity venue_capacity [concert venue stadium arena theater]: 250 18000
capacity max_players [server match game lobby]: of 8 10 12 16 32 64 100
current_players online_players: 0 60
tickets_sold: 120 9800
student_capacity: 250 1800
max_enrollment max_students class_size enrollment_limit: of 18 20 24 25 30 32 40
max_participants participant_limit: of 8 10 12 16 20 25 30
period [class schedule lesson]: 1 8
dock_count docks dock_doors: 2 36
berths: 2 28
atm_count: 1 6
member_count members [guild team club group]: 2 48
max_members: of 10 20 30 50 50 100
employee_count employees num_employees number_of_employees headcount [organization company]: 4 900
headcount [department team position]: 1 40
review_count reviews_count rating_count number_of_reviews: 0 320
helpful_count helpful_votes: 0 48
follower_count followers follower_number: 12 48000
following_count: 4 900
monthly_listeners: 1200 2400000
play_count plays streams stream_count listen_count: 900 4800000
view_count views: 12 9400
like_count likes favorites favorite_count: 0 640
comment_count: 0 50
share_count: 0 120
downloads download_count: 10 24000
login_count sign_in_count: 1 240
failure_count error_count failed_count failed_attempts: 0 4
usage_count used_count use_count times_used redemption_count redeemed_count: 0 120
max_uses usage_limit max_redemptions: of 1 50 100 100 250 500 1000
transaction_count: 2 64
applicants_count applicant_count: 2 140
citation_count: 0 140
listings_sold deals_closed: 2 140
collection_size: 8000 240000
population: 5000 900000
stock_quantity stock quantity_on_hand inventory_quantity on_hand quantity_available available_quantity: 0 200
quantity_reserved reserved_quantity reserved allocated_quantity: 0 20
low_stock_threshold reorder_level reorder_point min_stock safety_stock: of 5 10 10 15 20 25
reorder_quantity max_stock: of 20 25 50 50 100 200
pieces piece_count package_count number_of_packages parcels: 1 24
sort_order sort_index display_order position ordinal sort sequence order_index rank_order list_order menu_order: 1
 20
depth nesting_level tree_level: 0 3
round round_number interview_round: 1 4
installment_number: 1 36
allowed_attempts: of 1 1 2 3
renewals renewal_count max_renewals: 0 3
max_loans loan_limit: of 3 5 5 10
queue_position: 1 9
volume issue volume_number issue_number [journal article book magazine]: 1 48
number [season chapter episode]: 1 12
episode_number: 1 24
season_number: 1 8
lines_of_code loc: 80 42000
"""
# By the unit alone.
_UNITS = """
ms milliseconds millis: 12 1900
microseconds us: 40 9000
minutes mins: 5 120
seconds secs sec: 5 900
bytes: 1200 4800000
kb kilobytes: 12 4800
mb megabytes: 1 900
gb gigabytes: 1 500
mv millivolts: 3100 4200
percent pct percentage: 0 100 1 graded
rate_percent: 1 25 2
bps bp basis_points: 5 500
ppm: 380 1400
ppb: 5 120
px pixels: of 16 24 32 48 64 128 256 512
dpi: of 72 96 150 300 600
kg: 0.5 60 1
g: 20 2500
lbs lb: 1 130 1
oz: 1 32 1
km: 1 480 1
miles: 1 300 1
cm: 2 180 1
mm: 2 900
m: 1 120 1
inches inch: 1 60 1
ft feet: 1 60 1
liters liter l: 0.5 60 1
ml: of 50 100 250 330 500 750
"""
# Words after the name of what is measured that change no number.
_QUALIFIERS = frozenset(
    [
        "percent",
        "bpm",
        "mmhg",
        "number",
        "total",
        "monthly",
        "annual",
        "annually",
        "yearly",
        "daily",
        "average",
        "mean",
        "current",
        "actual",
        "estimated",
        "usd",
        "eur",
        "gbp",
        "amount",
        "value",
    ]
)


def _range(text: str) -> PlausibleNumbers:
    first, *others = text.split()
    if first == "of":
        numbers = tuple(map(Decimal, others))
        digits = max(max(0, -int(number.as_tuple().exponent)) for number in numbers)
        return PlausibleNumbers(min(numbers), max(numbers), digits, few=numbers)
    last, *more = others
    digits = int(more[0]) if more else 0
    return PlausibleNumbers(Decimal(first), Decimal(last), digits, graded="graded" in more)


MEASURED = Endings((_BODY, _MONEY, _SHARES, _SCORES, _DIMENSIONS, _TIMES, _MACHINES, _COUNTS), _range)


_BY_UNIT = Endings((_UNITS,), _range)


def measured(words: str, about: Collection[str]) -> PlausibleNumbers | None:
    """Return the plausible range of a column's numbers, None if its name does not tell.

    Args:
        words: the normalized name.
        about: the entities and areas that the column and its table are about.
    """
    found = MEASURED.find(words, about)
    *before, last = words.strip("_").split("_")
    if found is None and before and last in _QUALIFIERS:
        found = MEASURED.find(f"_{'_'.join(before)}_", about)
    return found


def of_unit(words: str) -> PlausibleNumbers | None:
    """Return the plausible range of numbers of the unit that a normalized name ends in, None if it ends in none."""
    return _BY_UNIT.find(words, ())
