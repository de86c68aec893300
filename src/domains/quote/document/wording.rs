//! The document's own words, in the languages that we have them in; English for the others.

use icu_locale_core::Locale;

/// The words of one language.
#[derive(Debug, PartialEq, Eq)]
pub struct Wording {
    pub language: &'static str,
    pub quote: &'static str,
    pub customer: &'static str,
    pub date: &'static str,
    pub valid_until: &'static str,
    pub payment_terms: &'static str,
    pub prepared_by: &'static str,
    pub item: &'static str,
    pub quantity: &'static str,
    pub unit_price: &'static str,
    pub discount: &'static str,
    pub amount: &'static str,
    pub total: &'static str,
    pub notes: &'static str,
    pub draft: &'static str,
    pub accepted: &'static str,
    pub rejected: &'static str,
    pub expired: &'static str,
    pub superseded: &'static str,
    pub discarded: &'static str,
    /// What stands between a number and its percent sign.
    percent_gap: &'static str,
}

impl Wording {
    /// A percentage.
    pub fn percent(&self, number: &str) -> String {
        format!("{number}{}%", self.percent_gap)
    }
}

/// The words for a locale.
pub fn of(locale: &Locale) -> &'static Wording {
    let is = |tag: &str| locale.id.script.is_some_and(|script| script.as_str() == tag);
    let traditional = match locale.id.region.as_ref().map(|region| region.as_str()) {
        Some("TW" | "HK" | "MO") => !is("Hans"),
        _ => is("Hant"),
    };
    match locale.id.language.as_str() {
        "de" => &GERMAN,
        "es" => &SPANISH,
        "fr" => &FRENCH,
        "hi" => &HINDI,
        "ja" => &JAPANESE,
        "nb" | "no" => &NORWEGIAN,
        "vi" => &VIETNAMESE,
        "zh" if traditional => &CHINESE_TRADITIONAL,
        "zh" => &CHINESE,
        _ => &ENGLISH,
    }
}

const NO_BREAK: &str = "\u{a0}";

static ENGLISH: Wording = Wording {
    language: "en",
    quote: "Quote",
    customer: "Customer",
    date: "Date",
    valid_until: "Valid until",
    payment_terms: "Payment terms",
    prepared_by: "Prepared by",
    item: "Item",
    quantity: "Quantity",
    unit_price: "Unit price",
    discount: "Discount",
    amount: "Amount",
    total: "Total",
    notes: "Notes",
    draft: "Draft",
    accepted: "Accepted",
    rejected: "Rejected",
    expired: "Expired",
    superseded: "Superseded",
    discarded: "Discarded",
    percent_gap: "",
};

static GERMAN: Wording = Wording {
    language: "de",
    quote: "Angebot",
    customer: "Kunde",
    date: "Datum",
    valid_until: "Gültig bis",
    payment_terms: "Zahlungsbedingungen",
    prepared_by: "Ihr Kontakt",
    item: "Position",
    quantity: "Menge",
    unit_price: "Einzelpreis",
    discount: "Rabatt",
    amount: "Betrag",
    total: "Gesamtbetrag",
    notes: "Anmerkungen",
    draft: "Entwurf",
    accepted: "Angenommen",
    rejected: "Abgelehnt",
    expired: "Abgelaufen",
    superseded: "Ersetzt",
    discarded: "Verworfen",
    percent_gap: NO_BREAK,
};

static SPANISH: Wording = Wording {
    language: "es",
    quote: "Presupuesto",
    customer: "Cliente",
    date: "Fecha",
    valid_until: "Válido hasta",
    payment_terms: "Condiciones de pago",
    prepared_by: "Preparado por",
    item: "Concepto",
    quantity: "Cantidad",
    unit_price: "Precio unitario",
    discount: "Descuento",
    amount: "Importe",
    total: "Total",
    notes: "Observaciones",
    draft: "Borrador",
    accepted: "Aceptado",
    rejected: "Rechazado",
    expired: "Caducado",
    superseded: "Sustituido",
    discarded: "Descartado",
    percent_gap: NO_BREAK,
};

static FRENCH: Wording = Wording {
    language: "fr",
    quote: "Devis",
    customer: "Client",
    date: "Date",
    valid_until: "Valable jusqu’au",
    payment_terms: "Conditions de paiement",
    prepared_by: "Préparé par",
    item: "Désignation",
    quantity: "Quantité",
    unit_price: "Prix unitaire",
    discount: "Remise",
    amount: "Montant",
    total: "Total",
    notes: "Remarques",
    draft: "Brouillon",
    accepted: "Accepté",
    rejected: "Refusé",
    expired: "Expiré",
    superseded: "Remplacé",
    discarded: "Abandonné",
    percent_gap: "\u{202f}",
};

static HINDI: Wording = Wording {
    language: "hi",
    quote: "कोटेशन",
    customer: "ग्राहक",
    date: "दिनांक",
    valid_until: "मान्य तिथि",
    payment_terms: "भुगतान की शर्तें",
    prepared_by: "प्रस्तुतकर्ता",
    item: "विवरण",
    quantity: "मात्रा",
    unit_price: "इकाई मूल्य",
    discount: "छूट",
    amount: "राशि",
    total: "कुल",
    notes: "टिप्पणियाँ",
    draft: "मसौदा",
    accepted: "स्वीकृत",
    rejected: "अस्वीकृत",
    expired: "अवधि समाप्त",
    superseded: "प्रतिस्थापित",
    discarded: "रद्द",
    percent_gap: "",
};

static JAPANESE: Wording = Wording {
    language: "ja",
    quote: "見積書",
    customer: "お客様",
    date: "日付",
    valid_until: "有効期限",
    payment_terms: "お支払条件",
    prepared_by: "担当者",
    item: "品目",
    quantity: "数量",
    unit_price: "単価",
    discount: "値引き",
    amount: "金額",
    total: "合計",
    notes: "備考",
    draft: "下書き",
    accepted: "承諾済み",
    rejected: "辞退",
    expired: "期限切れ",
    superseded: "差し替え済み",
    discarded: "破棄",
    percent_gap: "",
};

static NORWEGIAN: Wording = Wording {
    language: "nb",
    quote: "Tilbud",
    customer: "Kunde",
    date: "Dato",
    valid_until: "Gyldig til",
    payment_terms: "Betalingsbetingelser",
    prepared_by: "Utarbeidet av",
    item: "Post",
    quantity: "Antall",
    unit_price: "Enhetspris",
    discount: "Rabatt",
    amount: "Beløp",
    total: "Totalt",
    notes: "Merknader",
    draft: "Utkast",
    accepted: "Akseptert",
    rejected: "Avslått",
    expired: "Utløpt",
    superseded: "Erstattet",
    discarded: "Forkastet",
    percent_gap: NO_BREAK,
};

static VIETNAMESE: Wording = Wording {
    language: "vi",
    quote: "Báo giá",
    customer: "Khách hàng",
    date: "Ngày",
    valid_until: "Có hiệu lực đến",
    payment_terms: "Điều khoản thanh toán",
    prepared_by: "Người lập",
    item: "Hạng mục",
    quantity: "Số lượng",
    unit_price: "Đơn giá",
    discount: "Chiết khấu",
    amount: "Thành tiền",
    total: "Tổng cộng",
    notes: "Ghi chú",
    draft: "Bản nháp",
    accepted: "Đã chấp nhận",
    rejected: "Đã từ chối",
    expired: "Hết hiệu lực",
    superseded: "Đã thay thế",
    discarded: "Đã hủy",
    percent_gap: "",
};

static CHINESE: Wording = Wording {
    language: "zh",
    quote: "报价单",
    customer: "客户",
    date: "日期",
    valid_until: "有效期至",
    payment_terms: "付款条款",
    prepared_by: "报价人",
    item: "项目",
    quantity: "数量",
    unit_price: "单价",
    discount: "折扣",
    amount: "金额",
    total: "合计",
    notes: "备注",
    draft: "草稿",
    accepted: "已接受",
    rejected: "已拒绝",
    expired: "已过期",
    superseded: "已被取代",
    discarded: "已作废",
    percent_gap: "",
};

static CHINESE_TRADITIONAL: Wording = Wording {
    language: "zh",
    quote: "報價單",
    customer: "客戶",
    date: "日期",
    valid_until: "有效期至",
    payment_terms: "付款條款",
    prepared_by: "報價人",
    item: "項目",
    quantity: "數量",
    unit_price: "單價",
    discount: "折扣",
    amount: "金額",
    total: "合計",
    notes: "備註",
    draft: "草稿",
    accepted: "已接受",
    rejected: "已拒絕",
    expired: "已過期",
    superseded: "已被取代",
    discarded: "已作廢",
    percent_gap: "",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_locale_has_words() {
        for (tag, quote) in [
            ("en-IN", "Quote"),
            ("de-AT", "Angebot"),
            ("no", "Tilbud"),
            ("zh", "报价单"),
            ("zh-HK", "報價單"),
            ("zh-Hant", "報價單"),
            ("zh-Hans-HK", "报价单"),
            ("sw-KE", "Quote"),
        ] {
            assert_eq!(of(&Locale::try_from_str(tag).expect("a tag")).quote, quote, "{tag}");
        }
    }
}
