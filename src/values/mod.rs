//! Values that clean and check themselves: texts, e-mail addresses, phone numbers, money, dates.
