"""Words of names in other languages, and words that are written as one: :func:`translated`, :func:`parted`.

Words that are also English ones in names of columns, such as the French *motif* and the Italian *via*, are left
out.
"""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache


def _pairs(text: str) -> dict[str, str]:
    """Parse words with their translations, as in ``rue:street``."""
    return dict(pair.split(":") for pair in text.split())


GERMAN = _pairs("""
abreise:departure abteilung:department aktenzeichen:file_number aktiv:active aktualisiert:updated anfang:start
angelegt:created anmerkung:note anmerkungen:notes anreise:arrival anrede:salutation anschrift:address anzahl:quantity
artikel:item arzt:doctor aufgabe:task aufgaben:tasks auflage:edition auftraege:orders auftrag:order autor:author
baujahr:year_built befund:finding beginn:start bemerkung:note bemerkungen:notes benutzer:user benutzername:username
beruf:job beschreibung:description bestand:stock bestellung:order bestellungen:orders betrag:amount bewertung:rating
bezahlt:paid bezeichnung:name breite:width brutto:gross buch:book buecher:books bundesland:state dateiname:file_name
datum:date dauer:duration durchmesser:diameter einheit:unit ende:end erledigt:completed erstellt:created etage:floor
fach:subject faellig:due faelligkeit:due_date fahrer:driver fahrzeug:vehicle fahrzeuge:vehicles
familienstand:marital_status farbe:color firma:company gaeste:guests gast:guest geaendert:updated gebaeude:building
geburtsdatum:birth_date geburtsort:birth_city geburtstag:birthday gehalt:salary geliefert:delivered geloescht:deleted
gesamt:total geschlecht:gender gesperrt:blocked gewicht:weight groesse:size grund:reason gueltig:valid handy:mobile
hausnummer:house_number hausnr:house_number hersteller:manufacturer hinweis:note hoehe:height inhaber:owner
kategorie:category kategorien:categories kaution:deposit kennwort:password kennzeichen:license_plate
kilometerstand:mileage klasse:class kommentar:comment konto:account kunde:customer kunden:customer laenge:length
lager:warehouse lagerbestand:stock land:country landkreis:county laufzeit:duration lehrer:teacher lieferant:supplier
lieferanten:suppliers lieferung:delivery marke:brand medikament:medication menge:quantity miete:rent mieter:tenant
mitarbeiter:employee mitglied:member mitglieder:members modell:model mwst:vat nachname:last_name naechte:nights
netto:net notiz:note notizen:notes nummer:number ort:city passwort:password patienten:patients pfad:path plz:postcode
postleitzahl:postcode preis:price preise:prices prioritaet:priority produkt:product produkte:products projekt:project
projekte:projects punkte:points quadratmeter:sqm rabatt:discount raum:room rechnung:invoice rechnungen:invoices
rolle:role satz:rate schaden:damage schueler:student seiten:pages seitenzahl:page_count sprache:language
staatsangehoerigkeit:nationality stadt:city steuer:tax stockwerk:floor storniert:cancelled strasse:street
stueck:quantity stueckzahl:quantity stunden:hours stundensatz:hourly_rate summe:total teilnehmer:participant
telefon:phone telefonnummer:phone tiefe:depth titel:title uhrzeit:time veranstalter:organizer veranstaltung:event
veranstaltungen:events verein:club verfasser:author verlag:publisher vermieter:landlord versendet:shipped
vertrag:contract vertraege:contracts versicherung:insurance vorname:first_name waehrung:currency absender:sender
angebot:quote angebote:quotes anbieter:vendor anlage:attachment ansprechpartner:contact_person antrag:application
ausweisnummer:passport_number bemessung:assessment bankleitzahl:bank_code bearbeiter:clerk behandlung:treatment
betreff:subject bild:image bilder:images buchung:transaction buchungen:transactions eigentuemer:owner eingang:received
empfaenger:recipient ergebnis:result farbton:color flaeche:area frist:deadline gebuehr:fee gegenstand:subject
gewerk:trade haltbarkeit:shelf_life handwerker:craftsman herkunft:origin heizkosten:heating_cost inhalt:content
kaltmiete:rent kapazitaet:capacity kurs:course kurse:courses lohn:wage mahnung:dunning massnahme:measure_taken
material:material meldung:report mieterin:tenant mietvertrag:lease mietvertraege:leases mietzins:rent
nebenkosten:utility_cost objekt:property objekte:properties ordnung:order patient:patient pflicht:duty
quittung:receipt rechnungsposition:invoice_item rechnungspositionen:invoice_items sachbearbeiter:clerk saldo:balance
schadensmeldung:damage_report schadensmeldungen:damage_reports schluessel:key sitz:seat spende:donation spender:donor
standort:location stelle:position teil:part termin:appointment termine:appointments thema:topic umsatz:revenue
unterschrift:signature urlaub:leave verwaltung:administration verwendungszweck:purpose vorgang:case vorlage:template
warmmiete:gross_rent wert:value wohneinheit:apartment abgeschlossen:completed am:at abgelehnt:rejected
abgelaufen:expired angenommen:accepted ausgeschieden:left beauftragt:ordered beendet:ended durchschnitt:average
eingestellt:hired einzelpreis:unit_price entwurf:draft gebucht:booked gekuendigt:terminated gemeldet:reported
gesamtbetrag:total_amount gesamtpreis:total_price gezahlt:paid kosten:cost letzte:last letzter:last letztes:last
lfd:sequence meldungen:reports offen:open posten:item positionen:items pro:per qm:sqm unterschrieben:signed
verwalter:manager danach:after vorher:before allergien:allergies allgemein:general altersgruppe:age_group
altersklasse:age_group angaben:details ankunft:arrival abfahrt:departure anlass:occasion arbeit:work aufwand:effort
ausgabe:expense anwendung:use baugruppe:assembly baugruppen:assemblies bauteil:component benennung:name datei:file
kontaktdaten:contact_details beitrag:contribution beitraege:contributions berechnung:calculation bereich:area
brennstoff:fuel dosierung:dosage einheiten:units einnahme:income empfehlung:recommendation fahrgestellnummer:vin
fehler:error formular:form formulare:forms gemeinde:city geraet:device geraete:devices grundriss:floor_plan
gruppe:group gruppen:groups gutschein:voucher haltestelle:stop hierarchie:hierarchy hinweise:notes kalorien:calories
komponente:component komponenten:components kostenstelle:cost_center kraftstoff:fuel krankenkasse:health_insurer
ladung:load lehrplan:curriculum leistung:service leistungen:services lieferschein:delivery_note
mahnstufe:dunning_level mannschaft:team maschine:machine maschinen:machines material:material mindestens:minimum
modul:module obst:fruit ortsteil:district partei:party portionen:servings pruefung:inspection quelle:source
raumplan:floor_plan raeume:rooms reparatur:repair rezept:recipe rezepte:recipes rollen:roles runde:round
schulart:school_type sieger:winner skontotage:discount_days spiel:match spiele:matches spieler:player staat:country
stammdaten:master_data stoerung:fault strecke:route stufe:level tankstelle:gas_station teilnehmerzahl:attendee_count
therapie:therapy turnier:tournament uebung:exercise unternehmen:company ursache:cause verbrauch:consumption
vermerk:note veroeffentlicht:published wartung:maintenance werkzeug:tool werkzeuge:tools wettkaempfer:athlete
wettkampf:competition wirkstoff:active_ingredient zaehler:meter zaehlerstand:meter_reading zeitpunkt:timestamp
zeitraum:period zeitstempel:timestamp zins:interest_rate zinsen:interest zubereitung:instructions zusatz:addition
zutat:ingredient zutaten:ingredients zustaendig:responsible wohnflaeche:living_area wohnung:apartment
wohnungen:apartments zahlung:payment zahlungen:payments zahlungsart:payment_method zahlungsziel:payment_terms
zimmer:room zustand:condition
besuch:visit besuche:visits bezahlter:paid offener:open naechster:next naechste:next naechstes:next
messung:measurement messungen:measurements
""")
# What stands before the last word of a name that is written as one, and last words.
_GERMAN_FIRST = _pairs("""
ablauf:expiry ablehnungs:rejection absage:cancellation aenderungs:updated arbeits:labor aufnahme:admission
anmelde:registration alters:age artikel:item auftrags:order ausgabe:issue bank:bank benutzer:user bestell:order
brutto:gross buchungs:booking einkaufs:purchase einstellungs:hire einzel:unit end:end erstell:created
erstellungs:created fahrzeug:vehicle firmen:company geburts:birth gesamt:total gueltigkeits:expiry kategorie:category
kauf:purchase konto:account kuendigungs:termination kunden:customer liefer:delivery material:material
nebenkosten:utility lieferanten:supplier miet:rent mitglieds:member netto:net patienten:patient personal:employee
produkt:product rechnungs:invoice serien:serial sperr:blocked storno:cancellation stornierungs:cancellation
schadens:damage start:start steuer:tax stueck:unit eintrags:entry datei:file dateien:files haupt:main kontakt:contact
klassen:grade liefer:delivery maximal:maximum mindest:minimum personal:labor projekt:project raum:room schul:school
test:test zeit:time telefon:phone verkaufs:sale versand:shipping vertrags:contract zahlungs:payment
besuchs:visit behandlungs:treatment leistungs:service
""")
_GERMAN_LAST = _pairs("""
gewicht:weight schluessel:key adresse:address art:type betrag:amount bezeichnung:name datum:date flaeche:area
grund:reason aufwand:cost bestand:stock beschreibung:description budget:budget dauer:duration groesse:size
gruppe:group jahr:year klasse:class kennzeichen:code link:link menge:quantity kosten:cost miete:rent name:name
nr:number nummer:number ort:city preis:price satz:rate status:status summe:total stufe:level tage:days termin:date
pfad:path text:text titel:title typ:type wert:value zahl:count zeit:time
""")
# Those of them that hardly an English word ends like, so that whatever stands before them is another word.
_GERMAN_ALONE = frozenset((
    "aufwand", "beschreibung", "bestand", "betrag", "bezeichnung", "datum", "gewicht", "grund", "kennzeichen",
    "kosten", "link", "nummer", "schluessel", "titel",
))  # fmt: skip
# Participles and adjectives, which are values of statuses as well as words of names.
STATES = _pairs("""
abgebrochen:aborted abgeholt:picked_up abgelaufen:expired abgelehnt:rejected abgeschickt:sent abgeschlossen:completed
abgesagt:cancelled aktiv:active angekommen:arrived angelegt:created angenommen:accepted archiviert:archived
aufgenommen:admitted ausgeliehen:borrowed ausgeliefert:delivered ausgestellt:issued ausstehend:pending
beantragt:requested bearbeitet:processed beendet:ended beglichen:paid begonnen:started bestaetigt:confirmed
bestellt:ordered bezahlt:paid eingegangen:received eingereicht:submitted eingezogen:collected entlassen:discharged
entwurf:draft erfasst:recorded erfolgreich:succeeded erledigt:completed eroeffnet:opened erstattet:refunded
erstellt:created fehlgeschlagen:failed freigegeben:approved gebucht:booked gekuendigt:terminated gelesen:read
geliefert:delivered geloescht:deleted gemahnt:reminded gemeldet:reported gemessen:measured genehmigt:approved
geplant:planned geprueft:reviewed geschlossen:closed gesendet:sent gesperrt:blocked gestartet:started gezahlt:paid
inaktiv:inactive laufend:running neu:new offen:open pausiert:paused reserviert:reserved storniert:cancelled
teilbezahlt:partially_paid teilgeliefert:partially_delivered teilweise:partially ueberfaellig:overdue
ungueltig:invalid unterschrieben:signed unterzeichnet:signed veroeffentlicht:published verschickt:sent versandt:shipped
versendet:sent verstorben:deceased verworfen:discarded wartend:waiting widerrufen:revoked zugestellt:delivered
zugewiesen:assigned zurueckgegeben:returned zurueckgezogen:withdrawn
afgewezen:rejected betaald:paid geannuleerd:cancelled geleverd:delivered goedgekeurd:approved verzonden:sent
voltooid:completed
aprobado:approved cancelado:cancelled completado:completed enviado:sent pagado:paid pendiente:pending
rechazado:rejected vencido:overdue aprovado:approved concluido:completed pago:paid pendente:pending rejeitado:rejected
annulee:cancelled approuve:approved brouillon:draft envoye:sent expediee:shipped refusee:rejected
termine:completed
annullato:cancelled approvato:approved completato:completed pagato:paid spedito:shipped
""")
DUTCH = _pairs("""
aangemaakt:created aantal:quantity achternaam:last_name actief:active afdeling:department afspraak:appointment
bedrag:amount bedrijf:company bestelling:order bestellingen:orders betaald:paid boek:book boeken:books
breedte:width btw:vat cursus:course duur:duration einde:end factuur:invoice facturen:invoices functie:job
geboortedatum:birth_date gebruiker:user gebruikersnaam:username geslacht:gender gewicht:weight gewijzigd:updated
hoogte:height huisnummer:house_number huur:rent huurder:tenant kamer:room kenteken:license_plate klant:customer
klanten:customers kleur:color korting:discount leerling:student lengte:length leverancier:supplier maat:size
magazijn:warehouse medewerker:employee merk:brand mobiel:mobile naam:name nachten:nights omschrijving:description
opmerking:note opmerkingen:notes plaats:city prijs:price salaris:salary straat:street taal:language telefoon:phone
totaal:total uitgever:publisher verhuurder:landlord verzonden:shipped voertuig:vehicle voornaam:first_name
voorraad:stock wachtwoord:password werknemer:employee woonplaats:city
""")
NORDIC = _pairs("""
adresse:address adress:address aendrad:updated aendret:updated aktiv:active anmaerkning:note anmeldelse:review
ansatt:employee anstaelld:employee antal:quantity antall:quantity anvaendare:user anvaendarnamn:username
aterlaemnad:returned avdelning:department bakgrund:background beloeb:amount beloep:amount belopp:amount
beskrivelse:description beskrivning:description bestaellning:order betald:paid betalt:paid betyg:rating bok:book
boecker:books bolag:company bruker:user bruger:user brukernavn:username datum:date efternamn:last_name
efternavn:last_name enhed:unit enhet:unit epost:email etternavn:last_name faerg:color faktura:invoice
farve:color foedselsdato:birth_date foedelsedatum:birth_date foerfattare:author foernamn:first_name
foretag:company foeretag:company forfatter:author fornavn:first_name foerlag:publisher forlag:publisher
fullstaendigt:full fullt:full gade:street gata:street gyldig:valid hoejde:height hoejd:height hyra:rent
kategori:category
koen:gender kjoenn:gender koensidentitet:gender kommentar:comment kund:customer kunde:customer kunder:customers
laengd:duration laan:loan lager:warehouse land:country laerare:teacher laerer:teacher
leverandoer:supplier leverantoer:supplier loesenord:password loen:salary loenn:salary medlem:member
medlemmar:members medarbetare:employee namn:name navn:name ordre:order ort:city personnummer:tax_id poststed:city
postnummer:postcode pris:price produktionsland:country rabat:discount rabatt:discount
skapad:created skuespiller:actor skadespelare:actor sprak:language spraak:language stad:city stoerrelse:size
storlek:size telefon:phone tidspunkt:time titel:title tittel:title utgivningsar:release_year
utlaningsdatum:loan_date
vaegt:weight vikt:weight vekt:weight
""")
POLISH = _pairs("""
adres:address autor:author cena:price dostawca:supplier faktura:invoice faktury:invoices
haslo:password ilosc:quantity imie:first_name klient:customer klienci:customers
kraj:country ksiazka:book ksiazki:books kwota:amount miasto:city miejscowosc:city nazwa:name nazwisko:last_name
opis:description plec:gender pracownik:employee pracownicy:employees produkt:product produkty:products
rachunek:invoice
samochod:car telefon:phone tytul:title ulica:street uwagi:notes uzytkownik:user uzytkownicy:users wojewodztwo:state
zamowienie:order zamowienia:orders
""")
# Languages in which what a name is about stands behind: numero_factura, data_nascimento.
ROMANCE = _pairs("""
actif:active adherent:member adresse:address annee:year arrivee:arrival auteur:author banque:bank billet:ticket
chambre:room civilite:salutation classe:class commande:order commandes:orders commentaire:comment compte:account
conducteur:driver contrat:contract cotisation:fee couleur:color courriel:email cree:created datenaissance:birth_date
debut:start departement:department devise:currency duree:duration echeance:due editeur:publisher eleve:student
eleves:students embauche:hire employe:employee employes:employees enseignant:teacher entrepot:warehouse
entreprise:company etage:floor etat:status etudiant:student evenement:event facture:invoice factures:invoices
fichier:file fournisseur:supplier fournisseurs:suppliers hauteur:height heure:time immatriculation:license_plate
jour:day kilometrage:mileage langue:language largeur:width libelle:name lieu:place livraison:delivery livre:book
livres:books locataire:tenant longueur:length loyer:rent marque:brand matiere:subject medecin:doctor
medicament:medication mois:month modele:model montant:amount naissance:birth nom:name nuits:nights numero:number
ordonnance:prescription paiement:payment paye:paid pays:country poids:weight portable:mobile poste:position
prenom:first_name prix:price produit:product produits:products professeur:teacher projet:project proprietaire:owner
quantite:quantity remarque:note remise:discount rue:street salaire:salary salle:room sexe:gender siege:seat
sinistre:claim societe:company solde:balance statut:status tache:task taille:size taux:rate titre:title
titulaire:owner tva:vat utilisateur:user vehicule:vehicle ville:city voiture:car activo:active actualizado:updated
almacen:warehouse alquiler:rent altura:height alumno:student alumnos:students ancho:width anchura:width anio:year
ano:year apellido:last_name apellidos:last_name archivo:file asignatura:subject autor:author banco:bank
barrio:neighborhood bancaria:bank calle:street cantidad:quantity categoria:category cita:appointment ciudad:city
clave:key cliente:customer clientes:customers coche:car codigo:code comentario:comment comentarios:comments
compra:purchase contrasena:password contrato:contract correo:email creacion:creation creado:created cuenta:account
curso:course cursos:courses departamento:department descripcion:description descuento:discount diagnostico:diagnosis
dia:day direccion:address duracion:duration edad:age emision:issue empleado:employee empleados:employees
empresa:company empresas:companies entrega:delivery envio:shipping estado:state estudiante:student evento:event
eventos:events existencias:stock factura:invoice facturas:invoices fecha:date fin:end genero:gender habitacion:room
hora:time huesped:guest huespedes:guests idioma:language importe:amount impuesto:tax inicio:start inquilino:tenant
iva:vat largo:length libro:book libros:books llegada:arrival lugar:place marca:brand matricula:license_plate
medico:doctor mes:month metodo:method modelo:model moneda:currency monto:amount motivo:reason movil:mobile
municipio:city nacimiento:birth noches:nights nombre:name nota:note notas:notes observaciones:notes ocupacion:job
paciente:patient pacientes:patients pagado:paid pago:payment pagos:payments paginas:pages pais:country pedido:order
pedidos:orders peso:weight piso:floor poliza:policy precio:price producto:product productos:products profesion:job
profesor:teacher propietario:owner proveedor:supplier proveedores:suppliers provincia:state proyecto:project
receta:prescription reserva:reservation reservas:reservations rol:role ruta:path salario:salary saldo:balance
salida:departure sexo:gender siniestro:claim sueldo:salary talla:size tamano:size tarea:task telefono:phone tipo:type
titulo:title unitario:unit usuario:user usuarios:users vehiculo:vehicle vencimiento:due venta:sale ventas:sales
aluguel:rent aluno:student alunos:students apolice:policy arquivo:file atualizado:updated ativo:active
atualizacao:update bairro:neighborhood caminho:path celular:mobile cep:postcode cidade:city comprimento:length
consulta:appointment cor:color criacao:creation criado:created desconto:discount descricao:description diarias:nights
disciplina:subject duracao:duration editora:publisher emissao:issue endereco:address estoque:stock fatura:invoice
faturas:invoices fim:end fornecedor:supplier fornecedores:suppliers funcionario:employee funcionarios:employees
hospede:guest idade:age imposto:tax ingresso:ticket largura:width livro:book livros:books moeda:currency
morada:address motorista:driver nascimento:birth nome:name observacao:note observacoes:notes pagamento:payment
pagamentos:payments placa:license_plate preco:price produto:product produtos:products profissao:job projeto:project
quantidade:quantity quarto:room quartos:rooms rua:street senha:password setor:department situacao:status
sobrenome:last_name tamanho:size tarefa:task telefone:phone telemovel:mobile turma:class uf:state unitaria:unit
utilizador:user valor:amount veiculo:vehicle veiculos:vehicles venda:sale vendas:sales affitto:rent altezza:height
anno:year autista:driver autore:author azienda:company biglietto:ticket cellulare:mobile citta:city clienti:customers
codice:code cognome:last_name colore:color comune:city contratto:contract corso:course corsi:courses
descrizione:description dipendente:employee dipendenti:employees docente:teacher durata:duration editore:publisher
fattura:invoice fatture:invoices fornitore:supplier giacenza:stock giorno:day importo:amount indirizzo:address
inizio:start larghezza:width lingua:language lunghezza:length luogo:place magazzino:warehouse mese:month nascita:birth
notti:nights ordine:order ordini:orders ospite:guest ospiti:guests pagine:pages paziente:patient pazienti:patients
polizza:policy posto:seat prezzo:price prodotti:products prodotto:product quantita:quantity sconto:discount
sinistro:claim spedizione:shipping stipendio:salary studente:student studenti:students taglia:size targa:license_plate
titolo:title totale:total utente:user utenti:users valuta:currency veicolo:vehicle vendita:sale unitaire:unit
duenos:owners departements:departments actualite:news actualites:news galerie:gallery camion:truck camiones:trucks
conductores:drivers personne:person personnes:persons persona:person personas:persons persone:persons pessoa:person
pessoas:persons achat:purchase acheteur:buyer agence:branch avis:review besoin:need besoins:needs categorie:category
chien:dog chiens:dogs commune:city cours:course criteres:criteria demande:request demandes:requests enfant:child
entree:entry espece:species fixe:landline horaire:schedule horaires:schedule identifiant:identifier intitule:title
ligne:line lignes:lines mdp:password mere:mother moyenne:average nationalite:nationality niveau:level objectif:goal
payement:payment pere:father periode:period priorite:priority pseudo:username qte:quantity qtt:quantity raison:reason
responsable:manager reste:remaining sante:health soin:care soins:care specialite:specialty sujet:subject
ttc:gross_amount unite:unit utilisateurs:users vaccin:vaccine vendeur:seller vente:sale ventes:sales
vignette:thumbnail acreedor:creditor alergias:allergies calificacion:rating cedula:national_id costo:cost costos:costs
detalle:detail detalles:details dueno:owner egreso:expense egresos:expenses enlace:link equipo:team equipos:teams
especialidad:specialty especie:species flete:freight fletes:freights foto:photo gasto:expense gastos:expenses
historial:history horario:schedule imagen:image imagenes:images ingresos:income jugador:player kilometraje:mileage
licencia:license mascota:pet mascotas:pets nivel:level observacion:note origen:origin destino:destination
peluqueria:grooming prioridad:priority puntos:points raza:breed razon:reason resultado:result sintomas:symptoms
sucursal:branch sucursales:branches temperatura:temperature torneo:tournament tratamiento:treatment turno:shift
turnos:shifts unidad:unit unidades:units vacuna:vaccine vacunas:vaccines veterinario:veterinarian
agendamento:appointment assunto:subject aditivo:addendum contato:contact contatos:contacts contrato:contract
contratos:contracts credor:creditor dtinicial:start_date dtfinal:end_date expiracao:expiry fantasia:trade
fixo:landline inicial:initial instituicao:institution logradouro:street lote:lot numcontrato:contract_number
numprocesso:case_number numendereco:house_number nomefantasia:trade_name objeto:subject perfil:profile prazo:deadline
processo:case ramal:extension razaosocial:legal_name requisicao:requisition responsavel:manager unidade:unit
usuarios:users validade:expiry acquisto:purchase acquisti:purchases annuo:annual consegna:delivery
destinazione:destination disponibile:available fornitori:suppliers locazione:location merce:product mezzo:vehicle
operaio:worker operai:workers produzione:production reparto:department ruolo:role salario:salary trasporto:transport
vendite:sales
""")
# What stands before the rest of a name that is written as one: nomedipendente, tipoentrega, prezzoacquisto.
_ROMANCE_FIRST = _pairs("""
codice:code codigo:code data:date descricao:description descrizione:description email:email fecha:date nombre:name
nome:name numero:number num:number preco:price prezzo:price precio:price quantidade:quantity quantita:quantity
salario:salary telefone:phone telefono:phone tipo:type valor:amount valore:amount arquivo:file conteudo:content
prazo:deadline
""")
# Those of them that no English word begins with, such as precondition and quantitative, so that whatever stands behind
# them is another word.
_ROMANCE_ALONE = frozenset((
    "codice", "codigo", "descricao", "descrizione", "fecha", "nombre", "prezzo", "quantidade", "salario", "telefone",
    "telefono", "tipo", "valore",
))  # fmt: skip
_PARTICLES = frozenset(
    ("de", "del", "della", "di", "da", "do", "dos", "das", "du", "des", "la", "el", "le", "of")
)
# What stands first in these languages and last in English.
_HEAD_WORDS = """
date number code name last_name price address type amount rate time status state value account total city country
phone email reason title quantity description note method
"""
_HEADS = frozenset(_HEAD_WORDS.split())
_WORDS = {**STATES, **POLISH, **NORDIC, **DUTCH, **GERMAN, **ROMANCE}

_FIRST_WORDS = """
acc account actual address admin agent album alert amount animal answer appointment area article artist asset audit
author badge bank batch bed bill billing birth block book booking brand branch budget building business buyer campaign
card carrier case category center channel child city claim class client color column comment company component
condition contact content contract cost country county course created credit currency current cus cust customer data
db debit default delivery department dept destination device discount display district division doc document domain
dose donor driver due email emp employee end entity error event exam expense expiration expiry external facebook
family fax file first flight form full gender google group guest header home host house hotel image industry int
internal inv invoice issue item job key label lab language leave payslip last lead ledger lesson level license line
list loan local location log login long lot mail main make manager manufacturer market master match material media
medical member menu message meter method middle mobile model module month movie network new next node object office
old ord order org organization original owner package page parent part partner party passport password patient pay
payment period permission person phone pickup place plan planned player policy port position post price primary print
priority prod product profile program project property provider purchase quo quote race rank rate reason receipt
receiver record ref region registration release rent rental report request resource result return review role room
route row rule sale sales sample schema school season seat section seller sender sequence serial service session ship
shipment shipping shop short site size source species staff start state station status step stock store street student
subject supplier support system table target task tax team template tenant term test ticket title total tour track
trade trans transaction transfer travel trip type unique unit update updated user value vehicle vendor venue version
visit voucher warehouse web week weight work worker year zone
"""
_FIRST = frozenset(_FIRST_WORDS.split())
_LAST = _pairs("""
address:address amount:amount at:at by:by category:category city:city code:code cost:cost count:count country:country
date:date desc:description description:description email:email group:group hash:hash id:id key:key leader:leader
level:level line:line log:log method:method name:name no:number nr:number notes:notes number:number path:path
phone:phone place:place item:item record:record request:request run:run price:price quantity:quantity qty:quantity
rate:rate reason:reason ref:reference salt:salt size:size status:status time:time title:title total:total type:type
unit:unit uom:unit url:url value:value via:via
""")
# Words that hardly any other ends like.
_PLAIN_LAST = frozenset(("address", "amount", "category", "description", "number", "quantity", "status"))
_LEAST_FIRST = 4
_SHORTEST, _LONGEST_LAST = 5, 12
# Words that end like these and are one word.
_WHOLE_WORDS = """
airline backlink codename database datatype hostname hyperlink keynotes marketplace newline online permalink placeholder
prototype subcategory username
wholesale workplace
"""
_WHOLE = frozenset(_WHOLE_WORDS.split())


@lru_cache(maxsize=4096)
def parted(word: str) -> str:
    """Return a word in lower case with an underscore between those that it is written of, the last one translated.

    Example:
        >>> parted("jobtitle"), parted("ordercategoryname"), parted("rechnungsdatum"), parted("candidate")
        ('job_title', 'order_category_name', 'invoice_date', 'candidate')
    """
    if len(word) < _SHORTEST or word in _WHOLE_THINGS or word in _WORDS:
        return word
    for size in range(2, min(_LONGEST_LAST, len(word) - 2) + 1):
        first, last = word[:-size], word[-size:]
        if last in ("at", "by") and not first.endswith("ed"):
            continue
        if last in _LAST:
            before = first
            if first not in _FIRST_THINGS:
                before = parted(first) if size > 2 else first
                before = before if before != first else parted_thing(first)
            known = before != first or first in _FIRST_THINGS
            if known or (last in _PLAIN_LAST and len(first) >= _LEAST_FIRST):
                return f"{before}_{_LAST[last]}"
    return _parted_german(word) or _parted_romance(word)


# What stands last in the name of a table of which the words are written together, in the singular.
_LAST_THINGS_WORDS = """
account activity address adjustment agreement alert allocation answer applicant application appointment approval
article assignment attachment attempt attendance attribute audit award balance batch benefit bill board booking bundle
calculation candidate cart category certificate channel charge choice claim class code collection comment condition
config configuration connection contact content contract copy coupon course credit currency customer definition
delivery department deposit detail device discount dispute document donation employee enrollment entity entry event
exam exception expense feature fee field file filter folder goal grade group guest history image incident ingredient
inspection installment instance interaction interval invitation invoice issue item job key label language lead lease
lesson letter level license line link listing loan location log measurement member membership mention merchant message
method metric milestone model module movement namespace note notice notification offer option order owner package page
parameter participant partner payment payout penalty period permission person photo plan playlist point policy post
posting preference prescription price product profile program project promotion purchase question quota rate rating
reading receipt record refund registration reminder rental report request requirement reservation resource response
result return review reward role route rule run salary sale sample schedule section segment series service session
setting shift shipment skill slot snapshot source space statement status step stock stop submission subscriber
subscription supplier survey tag target task tax team template tenant territory test ticket tier token topic track
transaction transfer translation trip type unit upload usage user variant vehicle vendor version video viewer visit
vote voucher warehouse webhook workspace zone
"""
_LAST_THINGS = frozenset(_LAST_THINGS_WORDS.split())
# What else stands first in such names.
_FIRST_THINGS_WORDS = """
absence access alarm attendee auction bid blog care chat clinic community crew delivery dish dispatch doctor drug
exercise farm fitness fleet flight food forum fuel fund game gate grant gym inspection insurance inventory kitchen lab
library loyalty maintenance matter meal medication meeting nurse online parking patient payroll pet poll prescription
production promo purchase quality quiz recipe repair safety salary security sensor shelf speaker special sponsor
subscriber survey teacher tender time training treatment trial utility volunteer wallet warranty website wish wishlist
workflow workout
"""
_FIRST_THINGS = _FIRST | _LAST_THINGS | frozenset(_FIRST_THINGS_WORDS.split())
# Words of English that are one word, though they end like those above.
_WHOLE_THINGS_WORDS = """
accuser banknote billboard blackboard cardboard clipboard dashboard datatype endpoint footnote goalpost hashtag
headline homeowner homepage hyperlink keyboard keynote landowner leaderboard livestock makeshift mealtime metadata
motherboard newsgroup newsletter nickname noticeboard outpost photocopy pipeline playbill racecourse racetrack runtime
salesperson scoreboard soundtrack stereotype superuser switchboard tagline timeline timezone transshipment viewpoint
whiteboard workshop
"""
_WHOLE_THINGS = frozenset(_WHOLE_THINGS_WORDS.split()) | _WHOLE


def parted_thing(word: str, others: Container[str] = ()) -> str:
    """Return a noun of a table's name with an underscore between the words that it is written of.

    Args:
        word: in lower case, in the singular.
        others: further nouns that it may be written of, such as those of the other tables.

    Example:
        >>> parted_thing("purchaseorderline"), parted_thing("customer"), parted_thing("pumpreading", {"pump"})
        ('purchase_order_line', 'customer', 'pump_reading')
    """
    if word in _WHOLE_THINGS or word in _FIRST_THINGS:
        return word
    for size in range(_SHORTEST_THING, len(word) - _SHORTEST_THING + 1):
        first, last = word[:-size], word[-size:]
        if last in _LAST_THINGS or last in others:
            before = parted_thing(first, others)
            if before != first or first in _FIRST_THINGS or first in others:
                return f"{before}_{last}"
    return word


_SHORTEST_THING = 3


def is_whole(word: str) -> bool:
    """Whether a noun is one word of English, though others have its parts."""
    return word in _WHOLE_THINGS


def _parted_german(word: str) -> str:
    """A German word that is written of two, these in English; empty for any other."""
    for size in range(2, min(_LONGEST_LAST, len(word) - 2) + 1):
        first, last = word[:-size], word[-size:]
        if last in _GERMAN_LAST and first in _GERMAN_FIRST:
            return f"{_GERMAN_FIRST[first]}_{_GERMAN_LAST[last]}"
        if last in _GERMAN_ALONE and len(first) >= _LEAST_FIRST - 1:
            return f"{_german_first(first) or first}_{_GERMAN_LAST[last]}"
        if last in GERMAN and size >= _LEAST_FIRST and _german_first(first):
            return f"{_german_first(first)}_{GERMAN[last]}"
    return ""


def is_written_in(name: str, language: str) -> bool:
    """Whether a name has a word of a language, by its code of two letters, that English has not.

    Example:
        >>> is_written_in("zahlungsart", "de"), is_written_in("payment_type", "de"), is_written_in("tipo_pago", "es")
        (True, False, True)
    """
    known = _LANGUAGES.get(language, {})
    words = name.lower().split("_")
    return any(word in known or (known is GERMAN and _parted_german(word) != "") for word in words)


_LANGUAGES = {"de": GERMAN, "nl": DUTCH, "pl": POLISH, **dict.fromkeys(("es", "fr", "it", "pt"), ROMANCE)}


def _german_first(first: str) -> str:
    """What the first half of a German word says, empty if it is none that is known."""
    for joint in ("", "s", "n", "en", "es"):
        bare = first.removesuffix(joint)
        if joint and bare == first:
            continue
        if not joint and bare in _GERMAN_FIRST:
            return _GERMAN_FIRST[bare]
        if len(bare) >= _LEAST_FIRST and bare in GERMAN:
            return GERMAN[bare]
    return ""


def _parted_romance(word: str) -> str:
    """A word that begins with what stands first in Romance languages, its halves in English and in that order."""
    for size in range(min(_LONGEST_LAST, len(word) - 3), 2, -1):
        first, last = word[:size], word[size:]
        if first not in _ROMANCE_FIRST:
            continue
        bare = next(
            (last[len(each) :] for each in ("di", "de", "da", "do") if last[len(each) :] in ROMANCE), last
        )
        if bare in ROMANCE:
            said = "name" if ROMANCE[bare] == "last_name" else ROMANCE[bare]
            return f"{said}_{_ROMANCE_FIRST[first]}"
        if first in _ROMANCE_ALONE and len(last) >= _LEAST_FIRST:
            return f"{last}_{_ROMANCE_FIRST[first]}"
    return word


def translated(words: list[str]) -> list[str]:
    """Return the words of a name in English, in the order in which they stand there.

    Example:
        >>> translated(["fecha", "de", "nacimiento"]), translated(["numero", "factura"]), translated(["menge"])
        (['birth', 'date'], ['invoice', 'number'], ['quantity'])
    """
    romance = any(word in ROMANCE for word in words)
    if not romance:
        return [_WORDS.get(word, word) for word in words]
    # In Portuguese and Italian a date is called "data".
    found = [
        "date" if word == "data" else ROMANCE.get(word, word) for word in words if word not in _PARTICLES
    ]
    head = found[0] if found else ""
    if len(found) in (2, 3) and head in _HEADS and found[-1] not in ("id", "code", "number"):
        found = [*found[1:], "name" if head == "last_name" else head]
    return found or words
