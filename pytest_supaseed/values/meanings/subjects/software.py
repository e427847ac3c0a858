"""Words and phrases of software: services on the web, projects, operations, devices and sensors.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings` with texts of
:mod:`~pytest_supaseed.values.meanings.phrases`, :data:`SLOTS` the slots of these.
"""

NAMES = """
body text content note [note crm_note contact_note deal_note]: +1-2 {customer_fact}
fqdn: {api/web/db/mail/cache}-<1-9>.example.{com/net/org}
compression compression_type content_compression: gzip | br | zstd | lz4
content_encoding transfer_encoding: gzip | br | identity
arch: x86_64 | arm64
kernel kernel_version: {5.15/6.1/6.6/6.8}.0-<10-120>-generic
scheme url_scheme [node request url link endpoint service proxy route @software]: https | http
dns_record dns_name: {www/mail/api/shop}.example.com
span_id parent_span_id: <x16>
consumer_group consumer_name: {orders/billing/search/mail}-{consumer/workers}
worker_id runner_id: {worker/runner}-<1-24>
routing_key: {orders/invoices/users/payments}.{created/updated/deleted}
namespace [cluster pod deployment node service container @software]: default | production | staging | monitoring
availability_zone: {us-east-1/eu-west-1/eu-central-1}{a/b/c}
instance_type machine_type node_type vm_size server_type: {t3/m6i/c6g/r6i}.{medium/large/xlarge}
query_string query_params: page=<1-9>&sort={name/date/price} | q={lamp/desk/backpack}&limit={20/50/100} |
 lang={en/de/fr}
signature hmac_signature request_signature: sha256=<x64>
code_challenge code_verifier: <*43>
code_challenge_method: S256 | S256 | plain
response_type: code | token | id_token
response_mode: query | fragment | form_post
grant_type grant_types: authorization_code | client_credentials | refresh_token
token_type [token access_token oauth_token session @software]: Bearer
otp_method mfa_method auth_method login_method authentication_method second_factor factor_type method_last_used
 amr_method: totp | sms | email | webauthn
client_name app_name name [oauth_client client@software oauth_application oauth_app connected_app]: {Mobile/Reporting/
 Billing/Partner/Calendar/Warehouse} {app/portal/sync/dashboard}
nickname name label [security_key credential passkey authenticator webauthn_credential user_security_key]: Laptop | Work
 laptop | Phone | Tablet | Security key {blue/black/<1-9>} | {Home/Office} computer
certificate certificate_pem pem tls_certificate [node server domain host endpoint site tls device @software]:
 -----BEGIN CERTIFICATE-----MII<*60>-----END CERTIFICATE-----
class_name class_path klass handler_class [node log job task error exception trace background_job model handler event
 worker queue @software]: {Order/User/Invoice/Report/Payment}{Service/Job/Mailer/Handler/Importer}
function_name func: {load/save/send/render/parse}_{orders/users/invoices/reports}
kind type job_type job_kind job_class handler [background_job queue_job scheduled_job cron_job delayed_job
 job@software]:
 send_email | export_report | import_products | resize_image | sync_inventory | purge_sessions
stage [build deployment pipeline @software]: build | test | deploy | release
category section group [setting configuration preference]: general | security | billing | appearance | notifications
scope level [setting configuration preference]: global | organization | user
level [node logger]: debug | info | info | warning | error
key object_key s_3_key storage_key blob_key [multipart_upload object upload bucket file blob attachment]:
 uploads/202<4-5>/<x12>.{jpg/pdf/png}
stream_name stream stream_id: {order/user/invoice/payment}-<x8>
queue queue_name [job@software background_job message]: default | mailers | low | critical | exports
definition sql_definition query [list segment view saved_search report]: SELECT id FROM {customers/users/orders} WHERE
 {status = 'active'/country = 'DE'/created_at > now() - interval '<7-90> days'}
via channel [verifiable_address identity_address recovery_address verification]: email | sms
body_source: Hi {first_name}, {email_sentence}
body message text [ticket_comment internal_comment]: +1-2 {comment}
useragent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0 | Mozilla/5.0 (Windows NT 10.0;
 Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0 | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36
 (KHTML, like Gecko) Chrome/<112-131>.0 Safari/537.36 | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)
 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/<112-131>.0.<4000-6800> Safari/537.36 | Mozilla/5.0 (Macintosh; Intel
 Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/<15-18>.<0-6> Safari/605.1.15 | Mozilla/5.0
 (iPhone; CPU iPhone OS <15-18>_<0-6> like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 |
 Mozilla/5.0 (Linux; Android <11-15>; Pixel <5-9>) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/<112-131>.0 Mobile
 Safari/537.36 | curl/8.<0-11>.<0-1> | python-requests/2.<25-32>.<0-3>
recovery_codes backup_codes recovery_code backup_code: <x5>-<x5>
gpg_key_id key_id [account user gpg_key]: <X16>
key_type algorithm key_algorithm [ssh_key key@software gpg_key]: ssh-ed25519 | ssh-rsa | ecdsa-sha2-nistp256
title name [ssh_key]: {Laptop/Desktop/CI server/Work/Home/Tablet} {2023/2024/2025/key}
fingerprint_sha_256 ssh_fingerprint key_fingerprint [ssh_key key@software]: SHA256:<*43>
scope scopes token_scopes [access_token token oauth oauth_token personal_access_token]: read | write | admin | profile
 | repo | packages
name repo_name repository_name slug [repository repo]:
 {harbor/lantern/atlas/compass/beacon/mosaic}-{api/web/docs/cli/worker/mobile} |
 {invoice/report/image/search/mail}-{parser/builder/service/client}
full_name repo_full_name [repository repo fork]:
 {acme/example/sample/northwind}/{harbor/lantern/atlas/compass}-{api/web/docs/cli/worker}
description about [repository repo package@software]: {Small/Fast/Typed/Simple} {client/library/service/command line
 tool} for {invoices/search/maps/forms/images/queues}{./, written in {Go/Rust/Python/TypeScript}./ with few
 dependencies.}
primary_language language programming_language [repository repo snippet gist file@software]: Python | TypeScript | Go
 | Rust | Java | C# | Ruby | Kotlin | Shell
^version [=schema_migration]: 202<3-5>0<1-9><10-28><10-23><#4>
platform network channel [social_account social_profile social_post post post_platform influencer =platform]: facebook |
 instagram | linkedin | youtube | tiktok | mastodon
old_value new_value previous_value changed_from changed_to [audit audit_log auditlog history change log event]:
 {active/inactive/pending/approved} | <10-480>.<#2> | {Boston/Leeds/Lisbon} | {low/medium/high}
topic topics [repository repo]: api | cli | web | testing | docs | automation | postgres | frontend
readme readme_text: # {Harbor/Lantern/Atlas/Compass} {API/Web/Docs/CLI}: {Install/Build/Run} with `{make/npm
 install/pip install ./cargo build}`. {Tests run in CI./See docs for examples./Issues and pull requests are welcome.}
name branch_name [branch@software]: main | develop | release/<1-9>.<0-20> | feature/{part_slug} | fix/{part_slug} |
 chore/{part_slug}
title [pull_request merge_request]: {Add/Fix/Remove/Simplify/Document/Speed up} {part} |
 {fix/feat/docs/chore/refactor}: {verb} {part}
body description [pull_request merge_request]: +1-3 {^verb} the {part} {for/and notify} {whom}. | Closes #<10-4200>. |
 {Tests/Docs/Screenshots} {added/updated/follow in a second change}. | Needs a {migration/cache reset/new secret} on
 {staging/production}.
body text [issue@software bug]: +1-3 The {part} {is empty/shows an error/is slow} {after the update/on Safari/with
 long names}. | Expected: {the old value/a message/the full list}. | Version <1-9>.<0-20>.<0-9> on
 {Linux/macOS/Windows}. | {Log/Screenshot/Test case} attached.
state_reason close_reason [issue@software pull_request]: completed | not planned | duplicate
lock_reason: resolved | off-topic | too heated | spam
milestone sprint sprint_name milestone_name [issue@software pull_request ticket task]: v<1-4>.<0-12> | Sprint <4-48> |
 Q<1-4> 2025
head_ref source_branch head_branch: feature/{part_slug} | fix/{part_slug} | chore/{part_slug}
base_ref base_branch target_branch target_commitish: main | main | develop | release/<1-9>.<0-20>
mergeable_state merge_status: clean | behind | blocked | dirty | unstable
review_decision review_state [pull_request review@software]: approved | changes_requested | review_required
path file_path file file_name [review_comment diff commit_file file@software blame]:
 {src/lib/app/tests}/{users/orders/search/billing/auth}/{index/views/models/client/utils}.{py/ts/go/rs}
diff_hunk patch diff: @@ -<10-400>,<3-9> +<10-400>,<3-9> @@ {def/function/class} {total/render/parse/load}
side diff_side [review_comment diff]: LEFT | RIGHT
suggestion suggested_change [review_comment]: {return/if/for} {total/user/row/item} {is None/is not None/in rows}
tag_name tag git_tag [release@software release tag@software]: v<0-9>.<0-20>.<0-9>
body notes description release_body [release@software release]: +1-3 {change}
asset_name artifact_name file_name [release@software artifact]:
 {harbor/lantern/atlas}-<1-9>.<0-20>.<0-9>-{linux/macos/windows}-{amd64/arm64}.{tar.gz/zip}
asset_content_type: application/gzip | application/zip | application/octet-stream
workflow_file workflow_path pipeline_file: .github/workflows/{ci/release/nightly/lint/deploy}.yml
workflow workflow_name pipeline_name name [pipeline workflow@software workflow_run]:
 {Build/Test/Deploy/Release/Lint/Nightly} {and test/web/api/docs/}
trigger_event trigger trigger_type triggered_by_event [pipeline workflow_run build]: push | pull_request | schedule |
 workflow_dispatch | tag
conclusion [pipeline workflow_run build job@software check_run]: success | failure | cancelled | skipped
runner_label runner_labels runner_name runner [pipeline job@software build]: ubuntu-24.04 | ubuntu-22.04 | macos-14 |
 windows-2022 | self-hosted
runner_os: Linux | macOS | Windows
log_excerpt log_tail last_output console_output: [info] {step} done in <1-90> s | [warn] {step}: retry <1-3> of 3 |
 [error] {step} failed with exit code <1-137>
artifact_path artifact_url_path build_path: dist/{harbor/lantern/atlas}-<1-9>.<0-20>.<0-9>.{whl/tar.gz/zip}
cache_key: {npm/pip/cargo/go}-{linux/macos}-<x12>
content_type [webhook]: application/json | application/x-www-form-urlencoded
retry_policy retry_strategy_text: {3/5/8} attempts, {exponential/linear} backoff
ecosystem package_manager registry: npm | pypi | maven | cargo | rubygems | nuget | go
package_name package dependency dependency_name library module_name [package@software vulnerability dependency
 advisory]: {fast/tiny/open/micro}-{parser/router/queue/cache/logger/yaml} | {json/http/image/date}{kit/lib/-utils/x}
version_range affected_versions vulnerable_versions version_constraint: < <1-9>.<0-20>.<0-9> | >= <1-4>.0.0, <
 <5-9>.<0-20>.<0-9> | ^<1-9>.<0-20>.<0-9>
deprecated_message deprecation_message deprecation_notice: Use {harbor/lantern/atlas}-{client/core/utils} instead. |
 No longer maintained since <2021-2024>. | Merged into version <2-9>.
integrity subresource_integrity sri: sha512-<*86>==
checksum_sha_512 sha_512: <x128>
cve cve_id: CVE-1900-<#5>
ghsa ghsa_id: GHSA-<a4>-<a4>-<a4>
cwe cwe_id: CWE-{20/22/78/79/89/94/125/287/352/400/416/434/476/502/787/798/862/918}
cvss_vector: CVSS:3.1/AV:{N/L/A}/AC:{L/H}/PR:{N/L/H}/UI:{N/R}/S:{U/C}/C:{N/L/H}/I:{N/L/H}/A:{N/L/H}
summary title [vulnerability advisory finding@software]: {Path traversal/SQL injection/Cross-site scripting/Denial of
 service/Open redirect/Improper authentication} in {upload/search/login/template/archive} {handler/parser/module}
details description impact_description [vulnerability advisory finding@software]: {A crafted/An oversized/An
 unescaped} {request/file name/header/archive} {lets a remote user/allows an attacker to} {read files/run
 scripts/bypass checks/exhaust memory}. | {Update/Upgrade} to version <1-9>.<0-20>.<0-9> or {disable uploads/filter
 input/limit sizes}.
references_urls reference_urls references advisory_urls [vulnerability advisory]: https://advisories.example.org/<x8>
target target_resource audited_object [audit_event audit_log audit]:
 {user/project/invoice/repository/token}:<100-9000>
http_path request_path endpoint_path api_path url_path [audit_event request log@software endpoint api_log]:
 /api/v<1-3>/{users/orders/projects/invoices}/<10-9000>
reason block_reason [blocked_ip ban ip_ban]: brute force | port scan | spam | scraping | bad reputation
asn_organization isp as_name internet_provider: {Example/Sample/Test/Northern} {Networks/Hosting/Broadband/Cloud}
severity [vulnerability advisory]: low | medium | high | critical
query_text sql_text statement_text query sql [query_log slow_query report_definition]: SELECT
 {id/name/count(*)/sum(total)} FROM {orders/users/invoices/events} WHERE {status = 'active'/created_at > now() -
 interval '<1-30> days'}
http_version: HTTP/1.1 | HTTP/2 | HTTP/3
tls_version ssl_version: TLSv1.2 | TLSv1.3
cipher cipher_suite: TLS_AES_128_GCM_SHA256 | TLS_AES_256_GCM_SHA384 | TLS_CHACHA20_POLY1305_SHA256
dns_record_type record_type [dns_record dns]: A | AAAA | CNAME | MX | TXT
channel release_channel [release firmware_release version]: stable | beta | nightly
category device_category [device_model device product_model]: sensor | gateway | actuator | camera | meter | tracker
tags labels [device sensor site asset server]: outdoor | indoor | critical | spare | pilot | floor-<1-4>
changelog release_notes [firmware firmware_release]: +1-2 {Fixed/Improved} {battery life/reconnecting after power
 loss/time synchronization/sensor calibration/radio range}. | {Added/Changed} {a watchdog/secure boot/lower sleep
 current/support for new sensors}.
tags labels label tag [ticket case support_ticket]: billing | bug | how-to | login | feature-request | urgent | refund
 | mobile
tags labels label tag [task issue story card]: bug | backend | frontend | design | documentation | performance |
 tech-debt | quick-win
mentions mentioned_users: @{first_mail} | @{first_mail}.{last_mail}
repository_url repo_url clone_url git_url:
 https://git.example.com/{harbor/lantern/atlas/compass}/{api/web/worker/docs}
avatar_color: #<x6>
mfa_secret totp_secret two_factor_secret: <U32>
company_size size_range employee_range: 1-10 | 11-50 | 51-200 | 201-500 | 501-1000
data_region cloud_region aws_region server_region region [deployment server cluster bucket match instance node]:
 us-east-1 | us-west-2 | eu-west-1 | eu-central-1 | ap-southeast-1
region [player]: NA | EU | APAC | SA
title summary [task todo issue story card subtask work_item]: {^verb} the {part} | {^verb} {part} for {whom} | {^verb}
 {part} and {part}
description details [task todo issue story card subtask work_item]: +1-3 {task_sentence}
acceptance_criteria definition_of_done: +1-2 {^whom} can {verb} the {part}. | The {part} {loads within <1-5>
 seconds/works on phones/is covered by tests/is translated}. | Errors are {shown/logged/reported}.
blocked_reason blocker [task issue story]: waiting for {review/design/the customer/access/another team} |
 {API/Server/License} is missing | unclear requirements
checklist_item: {^verb} the {part}
body content comment text message [comment@software reply@software comment_thread@software]: +1-2 {comment}
reply answer [ticket comment]: +1-2 {answer}
title name description [milestone sprint epic]: {Release/Sprint/Milestone/Phase} <2-24> |
 {Beta/Launch/Migration/Cleanup/Redesign} of the {part}
name title [project workspace initiative]: {adjective} {project_noun} | {^part}
 {Redesign/Migration/Relaunch/Upgrade/Cleanup} | {Website/Mobile App/Data Warehouse/Onboarding/Billing/Search}
 {2025/Rollout/Rebuild/Pilot}
description [project workspace initiative]: +1-2 {^verb} the {part} and {part} for {whom}. | Goal: {fewer support
 requests/faster releases/lower costs/happier customers} until {March/June/September/the end of the year}. | Led by
 {the platform team/product/operations}, with {design/finance/support}.
subject title [ticket case support_ticket support_request inquiry]: {^ticket_subject}
description body message content details [ticket case support_ticket support_request inquiry]: +1-3 {ticket_sentence}
resolution resolution_notes solution [ticket case support_ticket incident@software]: {^resolution}.
root_cause cause [@software incident ticket bug deployment alert]: {expired certificate/full disk/wrong
 configuration/slow query/failed deployment/power outage/memory leak/third-party outage/loose cable/empty battery}
title summary [bug defect bug_report]: {^part} {crashes/shows an error/is empty/does not save/is slow} {on
 Safari/after login/with long names/on phones/since the update}
description steps_to_reproduce [bug defect bug_report]: +2-3 Open the {part} and {verb} it. | Expected: {the list is
 shown/a message/the old value}. | {Seen/Reproduced} on {Chrome/Safari/Firefox/Android} with version <1-9>.<0-20>. |
 Happens {every time/now and then/only with empty fields}.
title name [incident outage]: {^part} {unavailable/slow/failing} in {us-east-1/eu-west-1/all regions} | {Elevated
 errors/Delayed jobs/Login problems} in {part}
commit_message message [commit]: {^verb} {part} | {fix/feat/chore/docs/refactor/test}: {verb} {part} | {^verb} {part}
 in {part} (#<100-999>)
changelog release_notes patch_notes whats_new: +1-3 {change}
name title [release@software version]: {Spring/Summer/Autumn/Winter} release | Version <1-9>.<0-20>
branch default_branch git_ref ref branch_name [repository deployment build commit project pipeline @software]: main |
 main | main | develop | release/<1-9>.<0-20> | feature/{part_slug} | fix/{part_slug}
commit_author author [commit deployment]: {author}
environment deploy_environment target_environment: production | staging | development | test
image_tag tag [deployment image container]: v<1-9>.<0-20>.<0-9> | latest | <x7>
docker_image container_image image [deployment service container]:
 registry.example.com/{api/web/worker/billing/search}:<1-9>.<0-20>.<0-9>
rollback_reason: {error rate rose/health check failed/wrong migration/slow start/customer reports}
logs log_output output build_log stdout: [info] {step} started [info] {step} done in <1-90> s | [warn] {step}: retry
 <1-3> of 3 | [error] {step} failed with exit code <1-137> | [info] {step}: <12-480> passed, 0 failed
response_body body [webhook_delivery response request]: {"ok": true} | {"received": true} | OK | {"error": "timeout"}
 | accepted
error error_message last_error error_text exception_message failure_message failure_reason: {error}
error_code error_type [webhook_delivery job request log]: E{CONNREFUSED/TIMEDOUT/NOTFOUND/CONNRESET} | rate_limited |
 invalid_payload | unauthorized
stack_trace traceback: Traceback (most recent call last): File "app/{module}.py", line <10-480>, in {function}
 {exception}: {error}
event event_type event_name webhook_event [webhook webhook_delivery event_log outbox]:
 {order/user/invoice/payment/subscription/project}.{created/updated/deleted} | payment.{failed/succeeded} |
 invoice.paid
action [audit_log audit activity activity_log]:
 {user/project/invoice/member/settings/api_key}.{created/updated/deleted/viewed/exported} | user.{login/logout}
resource_type auditable_type target_type entity_type object_type [audit_log audit activity activity_log]: user |
 project | invoice | member | api_key
template template_name email_template [email email_log mail notification]: welcome | password_reset | invoice_paid |
 weekly_digest | invitation | trial_ending
subject email_subject mail_subject [email email_log mail message newsletter campaign]: {email_subject}
body body_text body_plain content text [email email_log mail newsletter]: Hi {first_name}, {email_sentence} {Best
 regards/Thank you/Cheers}, {author}
body_html html_body html content_html [email email_log mail newsletter]: <p>Hi
 {first_name},</p><p>{email_sentence}</p>
to_address from_address recipient_address sender_address reply_to_address cc_address [email_log email mail message]:
 {first_mail}.{last_mail}@example.{com/org/net}
bounce_reason: mailbox full | unknown recipient | blocked as spam | domain not found | message too large
title name heading [notification push]: {notice}
body message content text description [notification push]: {notice}.{/ Open the app for details./ No action is
 needed./ Reply to
 this message if it was not you.}
audience [announcement event newsletter]: everyone | members | parents | students | staff | families | adults
name label [api_key token access_token]: {CI pipeline/Dashboard/Mobile app/Reporting/Staging/Website/Zapier/Backup}
 {key/token}
prefix key_prefix [api_key token]: sk_test_<*4> | pk_test_<*4>
key flag_key ^code [feature_flag feature flag experiment]:
 {new/fast/beta/legacy}_{checkout/search/dashboard/editor/invoice/onboarding}{_v2/_flow/_page/_banner}
name title [feature_flag feature flag experiment]: {New/Fast/Simple/Beta} {Checkout/Search/Dashboard/Editor/Invoice
 Page/Onboarding}
description [feature_flag feature flag experiment]: {Shows/Enables/Tests} the {new/shorter/faster} {part} {for beta
 users/on phones/for all plans/in Europe}.
description [webhook endpoint integration]: {Sends/Forwards} {orders/invoices/new users/payments} to {the
 warehouse/accounting/the CRM/Slack}.
description [plan tier package subscription]: For {freelancers/small teams/growing companies/large organizations}
 {with up to <3-50> people/that need support/getting started/with several locations}.
description [api_key token role permission]: {Reads/Writes/Exports} {orders/reports/invoices/users} {for the
 dashboard/every night/from the app}.
description [organization company customer vendor supplier publisher partner label]:
 {Makes/Sells/Builds/Repairs/Publishes} {software/furniture/books/bicycles/lamps/tools/records/food} for
 {schools/shops/families/hotels/offices/hospitals}{./, since <1962-2020>./, in {Europe/North America/four countries}.}
revoked_reason: {rotated/leaked/no longer used/employee left/project ended}
proration_behavior: create_prorations | none | always_invoice
collection_method: charge_automatically | send_invoice
retry_strategy: exponential | linear | none
protocol network_protocol [@device @software device gateway sensor server network endpoint integration]: mqtt | http |
 coap | modbus | lorawan | zigbee
connection_type network_type: wifi | ethernet | lte | lorawan
topic [@device device sensor gateway]: sites/<1-20>/devices/<100-900>/{telemetry/status/commands}
mqtt_topic: sites/<1-20>/devices/<100-900>/{telemetry/status/commands}
wifi_ssid ssid network_name: {Office/Guest/Warehouse/Library/Lab/Floor-2}-{WiFi/Net/5G}
cellular_carrier mobile_operator carrier [gateway sim device]: {Example/Sample/Northern/Blue} Mobile
apn: internet | iot.example | m2m.example
name title [device gateway machine controller]: {Gateway/Controller/Meter/Tracker/Thermostat/Camera/Scanner}
 {North/South/Lobby/Roof/Hall/Basement/Dock} <1-24>
name title [sensor probe]: {Temperature/Humidity/Pressure/CO2/Light/Vibration/Flow/Motion/Door} {sensor/probe} <1-24>
sensor_type measurement_type metric_type quantity_kind [sensor reading device]: temperature | humidity | pressure |
 co2 | light | motion | vibration | flow
unit unit_of_measure [sensor reading measurement telemetry]: °C | % | hPa | ppm | lux | mm/s | V | kWh
quality [reading measurement]: good | good | good | uncertain | bad
name title [site location facility plant]: {North/South/Harbor/Riverside/Hilltop/Airport}
 {Plant/Campus/Depot/Greenhouse/Office/Warehouse}
location_description mounting_location placement [@device device sensor]: {Ceiling/Wall/Rack/Roof/Door} {in the
 hall/near the entrance/next to the window/on the second floor/in room <100-320>}
model_name model_number [device_model device product_model gateway]: {TH/GX/SN/MC/EN}-<#3>{/A/S/Pro}
ip_rating: IP20 | IP54 | IP65 | IP67 | IP68
hardware_revision hardware_version min_hardware_version: rev {A/B/C/D} | rev {A/B/C}<1-3>
firmware_version fw_version: <1-5>.<0-12>.<0-9>
os_version: {Linux 6.<1-12>/Ubuntu 24.04/Android <12-15>/iOS <16-18>.<0-5>/Debian 12}
alert_type [alert device @device]: threshold_exceeded | offline | low_battery | tamper | sensor_fault
message description title [alert alarm]: {Temperature/Humidity/Pressure/Battery/Vibration/CO2} {above <20-90>/below
 <5-40>/out of range/not reported for <10-90> minutes} | {Device/Gateway/Sensor} {offline/restarted/moved} {at <1-12>
 {am/pm}/in {hall/room} <1-9>}
command [command device]: reboot | set_interval | update_firmware | read_config | open_valve | blink
command_type: control | config | query | update
name title [automation_rule automation rule workflow]: {Close/Open/Switch off/Dim/Alert/Restart}
 {valve/window/lights/heating/pump/fan} {at night/above <20-40> degrees/on motion/on rain}
description [automation_rule automation rule workflow]: {When/If} {temperature/humidity/CO2/light} is {above/below}
 <10-90>, {close the valve/start the fan/send an alert/switch off the heating}.
trigger_type: threshold | schedule | event | manual
parts_replaced parts_used spare_parts parts: filter | seal | battery | pump | fan | cable | brake pads | tire | sensor
 | fuse
service_type [maintenance maintenance_record vehicle]: oil change | inspection | brakes | tires | battery | repair
technician mechanic performed_by [maintenance maintenance_log maintenance_record]: {author}
description notes [maintenance maintenance_log maintenance_record]: {^repair}. | {^repair}; {next check in <3-12>
 months/test run passed/part ordered}.
message text [log log_entry system_log event_log]: {error} | {step} {started/done/skipped} | User <100-9000> {logged
 in/logged out/changed the password} | Cache {cleared/warmed} in <4-900> ms
cpu_architecture architecture: x86_64 | arm64
database_engine engine [database cluster instance]: postgres | mysql | redis
question [faq question help_article]: How do I {verb} the {part}? | Can I {verb} {part} {later/on my phone/for my
 team}? | Where do I find the {part}? | What happens to {part} when {I cancel/my trial ends/I change the plan}?
answer [faq help_article question]: +1-2 Open the settings and choose {part}. | Yes, {with every plan/on the business
 plan/as an owner}. | {Write to/Ask} {support/the owner of the team}, we {answer within a day/can help with that}. |
 You can {verb} it {at any time/once a month/until the invoice is sent}.
title name heading headline [post blog blog_post page news]: {post_title}
excerpt summary teaser [post blog blog_post news]: {post_sentence} {post_sentence}
content body text [post article blog blog_post page news story]: +3-4 {post_sentence}
message text body content [message direct_message]: +1-2 {chat}
custom_field: {region/segment/budget/source}
external_ref external_reference external_id issue_key ticket_key [task issue ticket]: {WEB/OPS/APP/CRM}-<10-4800>
ticket_number case_number [ticket case support_ticket incident]: TCK-<#6>
"""
SLOTS = """
adjective: Blue | Quiet | Northern | Open | Bright | Rapid | Solid | Golden | Silver | Clear
project_noun: Harbor | Bridge | Compass | Lantern | Orchard | Summit | Beacon | Anchor | Mosaic | Atlas
verb: update | review | test | clean up | translate | export | rename | simplify | document | migrate | check | extend
 | fix | remove | redesign
part: checkout | invoice page | user list | login form | search index | price list | report | contact form | settings
 page | import job | e-mail template | dashboard | navigation | upload | permission check | calendar view | payment
 form | help page | address form | audit log | onboarding | data export
part_slug: checkout | invoice-page | user-list | login-form | search-index | price-list | dashboard | upload |
 audit-log | data-export
whom: new customers | the sales team | admins | mobile users | guests | the support team | partners | editors | large
 accounts
task_sentence: The {part} should {load faster/show the total/work without a mouse/keep the filter/remember the last
 choice}. | {^whom} asked for it {twice/in the last survey/after the release}. | {^verb} the {part} before we {verb}
 the {part}. | See the {notes/mock-up/thread} from {Monday/last week/the workshop}. | Also {verb} {part} and {part}. |
 Needs {a migration/new texts/a decision by product/tests}. | About <1-5> days of work.
comment: {I have/We have} {updated/checked/tested} the {part}, {looks good/please have a look/one question left}. |
 Can we {verb} this {before Friday/in the next sprint/together}? | {Agreed/Done/Thanks/Good point}, I will {verb} the
 {part} {today/tomorrow/next week}. | The {part} still {fails on Safari/shows the old text/needs a test}. | {Moved to
 the next sprint/Closing this/Reopened}, {see/because of} the {part}.
answer: Please {clear the cache/update the app/try another browser/check the spam folder}. | We have
 {fixed/reset/extended} it, {please try again/sorry for the trouble}. | It works {after a new login/with version
 <1-9>.<0-20>/from tomorrow on}.
ticket_subject: {cannot/unable to} {verb} the {part} | {part} {is empty/is slow/shows an error/disappeared} | question
 about {the invoice/my plan/the data export/user rights} | {login/password/two-factor code} does not work | change of
 {billing address/plan/owner/e-mail address} | {refund/invoice copy/feature/callback} requested
ticket_sentence: Since {yesterday/the update/Monday} the {part} {is empty/shows an error/is very slow/does not open}.
 | I {tried/restarted/reinstalled} it {twice/on two devices/with another browser}. | {We/<2-20> colleagues} need it
 {for a presentation/before the weekend/every day}. | The message says "{error}". | Could you {verb} the {part} for
 us? | It {worked/was fine} {last week/on the old plan/before the migration}. | Our {order/invoice/account} is number
 <#5>.
resolution: reset the password | corrected the invoice | explained the setting | fixed in version <1-9>.<0-20> |
 refunded the difference | restored the {part} | updated the {part} | escalated and solved by engineering | changed
 the plan | cleared the cache of the {part}
change: {Added/Improved/Fixed/Changed} the {part}. | {^part} {loads faster/supports dark mode/has a new filter/can be
 exported}. | Fixed {a crash/an error/wrong totals} in the {part}. | Removed the old {part}.
error: connection timed out after <1-60> s | connection refused by 192.0.2.<1-254>:{443/5432/6379} | permission denied
 for {user/table/file} {orders/reports/uploads} | invalid {token/signature/date/payload} | {field/column/key}
 "{email/amount/sku/name}" is missing | quota exceeded: <101-900> of 100 requests | {record/file/user} <100-9000> not
 found | unexpected response {500/502/503} | deadlock detected, retry <1-3> | out of memory in {part}
step: build | test | lint | deploy | migrate | package | upload | health check
module: orders | billing | users | search | exports | auth
function: load | save | render | send | refresh | parse
exception: ValueError | KeyError | TimeoutError | ConnectionError | PermissionError
author: {first_name} {last_name}
first_mail: ann | ben | clara | david | elena | grace | henry | jonas | kate | leo | maria | nora | paula | sam
last_mail: baker | carter | diaz | evans | fischer | grant | hughes | jensen | kim | lopez | moore | patel | reed |
 wong
first_name: Ann | Ben | Clara | David | Elena | Felix | Grace | Henry | Irene | Jonas | Kate | Leo | Maria | Nora |
 Oscar | Paula | Sam | Tara
email_subject: {Welcome to/News from/Your invitation to} {the team/Harbor/the beta} | Your
 {invoice/order/booking/report} {is ready/<#5>/for {March/May/October}} | {Reminder:
 /}{meeting/payment/survey/renewal} {on Monday/tomorrow/next week} | {Question about/Update on/Minutes of} the {part}
 | {Please confirm/Reset/Verify} your {e-mail address/password/booking} | Re: {part} {and/or} {part}
email_sentence: {your invoice/your report/the new version} is ready. | thank you for {your order/your time/the quick
 answer}. | we have {updated the {part}/moved the meeting to {Monday/Thursday}/received your documents}. | your trial
 ends in <2-14> days. | please {confirm your address/have a look at the {part}/send us the signed form}.
notice: {author} {commented on/shared/assigned you/mentioned you in} {part} | {Payment/Invoice/Export/Import/Backup}
 {received/failed/is ready/is due {tomorrow/on Monday}} | Your {trial/password/subscription/session} {ends in <2-9>
 days/was changed/was renewed} | {New login/New device/New follower} {from {Berlin/Boston/Leeds/Lyon}/today} |
 Reminder: {meeting/payment/review} {tomorrow/in <10-50> minutes/on Friday}
chat: {Thanks/Great/Perfect/Sorry/Hi all}, {I am on my way/see you {later/at <2-6>}/that works for me/I will check}. |
 {Can/Could} you {send/check/share} {the file/the address/the numbers/the photos}? | {Running/Ten minutes} late, {the
 train stopped/lots of traffic/please start}. | {Who/When/Where} {is joining/do we meet/can help} {tomorrow/on
 Friday/tonight}? | Just {sent/finished/booked} {it/the tickets/the draft/the report}. | {Good game/Well done/Nice
 one}{!/, again?/, one more?} | {Agreed/No problem/Makes sense/Not sure}, {let us talk {tomorrow/later}/go ahead/ask
 {first_name}}.
post_title: {How/Why} {we/teams/small shops} {verb} {part} | {Five/Seven/Ten} {ways/reasons} to {verb} your {part} |
 {Notes from/A week in/Letters from} {Porto/Ghent/the mountains/the workshop/the north} | {What/Lessons} we learned
 from {moving/a year of remote work/one bad release/<10-90> interviews} | {A guide/An introduction} to {slow
 travel/sourdough/home networks/bike repair/indoor plants} | {The quiet/The small/The first}
 {morning/garden/harbor/workshop/winter}
post_sentence: {Last year/In spring/A month ago} we decided to {verb} {our {part}/less/more slowly}. | It took {two
 weeks/longer than planned/an afternoon}, and {it was worth it/we would do it again/nobody noticed}. | The
 {first/hardest/best} part was {the planning/letting go/the people/the light in the morning}. | {Most/Some/A few}
 readers {asked/wrote} about {costs/the route/tools/time}. | Here is {what worked/a short list/how we start}. |
 {Bring/Take/Keep} {water/notes/a map/time} and {patience/a friend/good shoes}. | We will {write about/come back to}
 {the results/prices/mistakes} {next time/in a month/soon}. | {Small steps/Clear goals/Good questions} {matter more
 than tools/save a lot of time/make the difference}.
"""
