"""Names that Indonesian newsrooms write in several ways, and roots that PySastrawi misses. The newsroom changes them."""

from django.db import migrations

ALIASES = [
    "Wali Kota, Walikota, Wako",
    "Wakil Wali Kota, Wakil Walikota, Wawako, Wawali",
    "Wakil Bupati, Wabup",
    "Wakil Gubernur, Wagub",
    "Penjabat, Pj",
    "Sekretaris Daerah, Sekda, Setda",
    "Pemerintah Kota, Pemko, Pemkot",
    "Pemerintah Kabupaten, Pemkab",
    "Pemerintah Provinsi, Pemprov",
    "Kepala Dinas, Kadis",
    "Kapolres, Kepala Kepolisian Resor",
    "Polres, Kepolisian Resor",
    "Kejari, Kejaksaan Negeri",
    "DPRD, Dewan Perwakilan Rakyat Daerah",
    "KPU, Komisi Pemilihan Umum",
    "Bawaslu, Badan Pengawas Pemilu, Badan Pengawas Pemilihan Umum",
    "Pilkada, Pemilihan Kepala Daerah",
    "BPBD, Badan Penanggulangan Bencana Daerah",
    "RSUD, Rumah Sakit Umum Daerah",
    "Puskesmas, Pusat Kesehatan Masyarakat",
    "UMKM, Usaha Mikro Kecil dan Menengah",
    "APBD, Anggaran Pendapatan dan Belanja Daerah",
    "Satpol PP, Satuan Polisi Pamong Praja",
    "DBD, Demam Berdarah, Demam Berdarah Dengue",
    "Lima Puluh Kota, Limapuluh Kota, 50 Kota, Limapuluhkota",
    "Bukittinggi, Bukit Tinggi",
    "Sawahlunto, Sawah Lunto",
    "Padang Panjang, Padangpanjang",
    "Tanah Datar, Tanahdatar",
    "Parepare, Pare Pare",
    "Tanjungpinang, Tanjung Pinang",
    "Palangka Raya, Palangkaraya",
    "Yogyakarta, Jogjakarta, Jogja",
    "Surakarta, Solo",
    "Sumatera Barat, Sumbar, Sumatra Barat",
    "Sumatera Utara, Sumut, Sumatra Utara",
    "Sumatera Selatan, Sumsel, Sumatra Selatan",
    "Jawa Barat, Jabar",
    "Jawa Tengah, Jateng",
    "Jawa Timur, Jatim",
    "Kalimantan Barat, Kalbar",
    "Kalimantan Tengah, Kalteng",
    "Kalimantan Selatan, Kalsel",
    "Kalimantan Timur, Kaltim",
    "Kalimantan Utara, Kaltara",
    "Sulawesi Utara, Sulut",
    "Sulawesi Tengah, Sulteng",
    "Sulawesi Selatan, Sulsel",
    "Sulawesi Tenggara, Sultra",
    "Sulawesi Barat, Sulbar",
    "Nusa Tenggara Barat, NTB",
    "Nusa Tenggara Timur, NTT",
    "Kepulauan Riau, Kepri",
    "Bangka Belitung, Babel",
    "Maluku Utara, Malut",
]

ROOTS = {
    "pemadaman": "padam", "pemadam": "padam", "memadamkan": "padam", "dipadamkan": "padam",
    "perpajakan": "pajak", "wisatawan": "wisata", "pariwisata": "wisata", "kepariwisataan": "wisata",
    "budayawan": "budaya", "olahragawan": "olahraga", "vaksinasi": "vaksin", "divaksinasi": "vaksin",
    "relawan": "rela", "peternakan": "ternak", "peternak": "ternak", "pemilu": "", "penyidikan": "sidik",
    "penyelidikan": "selidik", "penyelidik": "selidik", "menikah": "nikah", "perampokan": "rampok",
    "pembalakan": "balak", "pengesahan": "sah", "mengesahkan": "sah", "disahkan": "sah", "penghargaan": "",
    "perolehan": "peroleh", "memperoleh": "peroleh", "diperoleh": "peroleh",
}


def add(apps, schema_editor):
    Alias = apps.get_model("search", "Alias")
    Alias.objects.bulk_create(Alias(names=names) for names in ALIASES)
    Root = apps.get_model("search", "Root")
    Root.objects.bulk_create(Root(word=word, root=root) for word, root in ROOTS.items())


class Migration(migrations.Migration):
    dependencies = [("search", "0001_search_documents")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
